DROP FUNCTION building_tile(integer, integer, integer, integer, date, double precision);
