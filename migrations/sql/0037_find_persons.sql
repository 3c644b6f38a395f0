-- Persons by the beginning of their name, or by the keyed index of a number that one has, as before (0027): one condition at a time, planned
-- for what is asked. A pattern that is not known yet uses no index, and neither do three conditions of which any may hold. Within
-- a territory the sum keeps the planner from reading everybody in the order of their ids until enough are called so.
CREATE OR REPLACE FUNCTION persons_found(of_district integer, called text, of_identity bytea, of_phone bytea, after_id bigint, most integer)
RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20 SET search_path = public, pg_temp
SET max_parallel_workers_per_gather = 0 SET jit = off AS $f$
BEGIN
    IF NOT reads_persons() OR num_nonnulls(called, of_identity, of_phone) <> 1 THEN RETURN; END IF;
    RETURN QUERY EXECUTE 'SELECT p.id FROM persons p JOIN elements e USING (id) WHERE p.district_id = $1 AND e.merged_into IS NULL'
        || CASE WHEN of_identity IS NOT NULL THEN ' AND p.identity_index = $3' WHEN of_phone IS NOT NULL THEN ' AND p.phone_index = $4'
            ELSE ' AND p.name LIKE $2' END
        || CASE WHEN whole_territory() THEN '' ELSE ' AND e.area_no >= lower($5) AND e.area_no < upper($5) AND e.area_no <@ $5' END
        || CASE WHEN after_id IS NULL THEN '' ELSE ' AND p.id > $6' END || CASE WHEN whole_territory() THEN ' ORDER BY p.id' ELSE ' ORDER BY p.id + 0' END || ' LIMIT $7'
    USING of_district, regexp_replace(called, '([\\%_])', '\\\1', 'g') || '%', of_identity, of_phone, territory(), after_id, most;
END $f$;
