DELETE FROM element_keys WHERE did <> 'made';
DROP INDEX ix_element_keys_merge_id;
ALTER TABLE element_keys DROP CONSTRAINT element_keys_merge, DROP COLUMN merge_id, DROP COLUMN did;
DROP FUNCTION leave_site(bigint, date);
CREATE OR REPLACE FUNCTION neighbourhood(of_element bigint, of_case bigint, depth integer, kinds text[], each integer, most integer)
RETURNS TABLE (ring integer, id bigint, kind text, source_id bigint, case_id bigint, target_id bigint, cut boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 200 SET search_path = public, pg_temp SET jit = off AS $f$
#variable_conflict use_column
DECLARE
    whole constant boolean := whole_territory(); seen constant int8multirange := territory();
    units constant integer[] := acting_units(); me constant integer := acting_account(); persons constant boolean := reads_persons();
    reached bigint[] := CASE WHEN of_element IS NULL THEN '{}' ELSE ARRAY[of_element] END;
    reached_cases bigint[] := CASE WHEN of_case IS NULL THEN '{}' ELSE ARRAY[of_case] END;
    known bigint[] := reached; known_cases bigint[] := reached_cases; step integer; rows record; here relations[]; read integer;
BEGIN
    FOR step IN 1..depth LOOP
        SELECT array_agg(f.r), count(*) INTO here, read FROM (
            SELECT r FROM (
                SELECT r, r.target_id AS other, NULL::bigint AS other_case FROM unnest(reached) n CROSS JOIN LATERAL
                    (SELECT * FROM relations r WHERE r.source_id = n AND r.to_on IS NULL ORDER BY r.kind, r.target_id LIMIT each) r
                UNION ALL SELECT r, r.source_id, r.case_id FROM unnest(reached) n CROSS JOIN LATERAL
                    (SELECT * FROM relations r WHERE r.target_id = n AND r.to_on IS NULL ORDER BY r.kind, r.source_id LIMIT each) r
                UNION ALL SELECT r, r.target_id, NULL FROM unnest(reached_cases) n CROSS JOIN LATERAL
                    (SELECT * FROM relations r WHERE r.case_id = n AND r.to_on IS NULL ORDER BY r.target_id LIMIT each) r
            ) w WHERE EXISTS (SELECT FROM elements e WHERE e.id = w.other AND (e.kind <> 'person' OR persons)
                    AND (whole OR e.area_no <@ seen OR e.unit_id = ANY (units)) AND (kinds IS NULL OR e.kind = ANY (kinds)))
                OR (kinds IS NULL OR 'case' = ANY (kinds)) AND EXISTS (SELECT FROM cases c WHERE c.id = w.other_case
                    AND (whole OR c.area_no <@ seen OR c.unit_id = ANY (units) OR c.handler_id = me))
            LIMIT most
        ) f;
        RETURN QUERY SELECT DISTINCT ON (h.id) step, h.id, h.kind, h.source_id, h.case_id, h.target_id, read = most
            FROM unnest(here) h ORDER BY h.id;
        SELECT coalesce(array_agg(DISTINCT x) FILTER (WHERE x <> ALL (known)), '{}') INTO reached
            FROM unnest(here) h CROSS JOIN LATERAL (VALUES (h.source_id), (h.target_id)) v (x);
        SELECT coalesce(array_agg(DISTINCT h.case_id) FILTER (WHERE h.case_id <> ALL (known_cases)), '{}') INTO reached_cases FROM unnest(here) h;
        EXIT WHEN reached = '{}' AND reached_cases = '{}';
        known := known || reached; known_cases := known_cases || reached_cases;
    END LOOP;
END $f$;
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
