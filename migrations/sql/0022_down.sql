DROP FUNCTION my_calls(integer);
