DROP FUNCTION elements_counted(integer, bigint);
