-- What lies in an area, counted by kind and type, and the households of those who live there: within the same wall as `elements_counted`.
-- A kind of which the district has anything at all comes with a row of its own, so that none in an area is told from none registered.
CREATE FUNCTION elements_in(of_district integer, of_area bigint) RETURNS TABLE (kind text, type text, many bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 40 SET search_path = public, pg_temp SET jit = off AS $f$
DECLARE
    whole constant boolean := whole_territory(); seen constant int8multirange := territory();
    units constant integer[] := acting_units(); persons constant boolean := reads_persons();
    today constant date := district_today(of_district); last bigint := (SELECT last_no FROM area_numbers WHERE no = of_area);
    wall constant text := ' e.district_id = $1 AND e.area_no BETWEEN $2 AND $3 AND e.merged_into IS NULL AND e.valid_from_on <= $4'
        || ' AND (e.valid_to_on IS NULL OR e.valid_to_on > $4)' || CASE WHEN whole THEN '' ELSE ' AND (e.area_no <@ $5 OR e.unit_id = ANY ($6))' END;
BEGIN
    RETURN QUERY SELECT k, '', 0::bigint FROM unnest(ARRAY['place', 'object', 'organisation', 'person']) k WHERE (persons OR k <> 'person')
        AND EXISTS (SELECT FROM elements e WHERE e.district_id = of_district AND e.kind = k AND e.merged_into IS NULL);
    RETURN QUERY EXECUTE 'SELECT e.kind, e.type, count(*) FROM elements e WHERE' || wall
        || CASE WHEN persons THEN '' ELSE ' AND e.kind <> ''person''' END || ' GROUP BY 1, 2'
    USING of_district, of_area, last, today, seen, units;
    IF persons THEN
        RETURN QUERY EXECUTE 'SELECT ''person'', ''household'', count(DISTINCT p.household_id) FROM elements e JOIN persons p USING (id)'
            || ' WHERE e.kind = ''person'' AND' || wall || ' HAVING count(*) > 0'
        USING of_district, of_area, last, today, seen, units;
    END IF;
END $f$;
REVOKE EXECUTE ON FUNCTION elements_in(integer, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION elements_in(integer, bigint) TO panlong_app;
