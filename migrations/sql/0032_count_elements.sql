-- How many elements of each kind the one who asks has in sight: as `elements_found` lists them, within the same wall.
CREATE FUNCTION elements_counted(of_district integer, of_area bigint) RETURNS TABLE (kind text, many bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 4 SET search_path = public, pg_temp SET jit = off AS $f$
DECLARE
    whole constant boolean := whole_territory(); seen constant int8multirange := territory();
    last bigint := (SELECT last_no FROM area_numbers WHERE no = of_area);
BEGIN
    RETURN QUERY EXECUTE 'SELECT e.kind, count(*) FROM elements e WHERE e.district_id = $1 AND e.merged_into IS NULL'
        || CASE WHEN reads_persons() THEN '' ELSE ' AND e.kind <> ''person''' END
        || CASE WHEN of_area IS NULL THEN '' ELSE ' AND e.area_no BETWEEN $2 AND $3' END
        || CASE WHEN whole THEN '' WHEN of_area IS NULL THEN ' AND e.area_no >= lower($4) AND e.area_no < upper($4)' ELSE '' END
        || CASE WHEN whole THEN '' ELSE ' AND (e.area_no <@ $4 OR e.unit_id = ANY ($5))' END
        || ' GROUP BY e.kind'
    USING of_district, of_area, last, seen, acting_units();
END $f$;
REVOKE EXECUTE ON FUNCTION elements_counted(integer, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION elements_counted(integer, bigint) TO panlong_app;
