DROP VIEW case_spans;
DO $$
BEGIN
    EXECUTE replace(pg_get_functiondef('case_tile(integer, integer, integer, integer, integer, timestamptz, text, integer[], timestamptz,
        timestamptz, integer)'::regprocedure), 'near_from(c.near_at, c.due_at) <= $1', 'c.due_at < $1 + interval ''90 minutes''');
    EXECUTE replace(pg_get_functiondef('cases_in_box(geometry, integer, timestamptz, text, integer[], timestamptz, timestamptz, integer,
        boolean, integer, timestamptz, bigint, integer)'::regprocedure), 'near_from(c.near_at, c.due_at) <= $1', 'c.due_at < $1 + interval ''90 minutes''');
END $$;
CREATE OR REPLACE FUNCTION case_condition(states text) RETURNS text LANGUAGE sql IMMUTABLE
RETURN CASE states
    WHEN 'open' THEN 'open_state(c.state)'
    WHEN 'overdue' THEN 'open_state(c.state) AND c.state <> ''suspended'' AND c.due_at < $1'
    WHEN 'near' THEN 'open_state(c.state) AND c.state <> ''suspended'' AND c.due_at >= $1 AND c.due_at < $1 + interval ''90 minutes'''
    WHEN 'closed' THEN 'NOT open_state(c.state)'
    WHEN 'all' THEN 'true'
    ELSE 'c.state = $2' END;
DROP FUNCTION near_from(timestamptz, timestamptz);
DROP POLICY files_of_cases ON files;
DROP POLICY cases_moved ON cases;
DROP POLICY cases_reported ON cases;
ALTER POLICY cases_seen ON cases USING (
    (SELECT whole_territory())
    OR (area_no >= (SELECT lower(territory())) AND area_no < (SELECT upper(territory())) AND area_no <@ (SELECT territory()))
    OR unit_id = ANY ((SELECT acting_units())::integer[]) OR handler_id = (SELECT acting_account()));
CREATE OR REPLACE FUNCTION territory_condition() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN CASE WHEN whole_territory() THEN 'true' ELSE
    '(c.area_no >= lower($7) AND c.area_no < upper($7) AND c.area_no <@ $7'
    || CASE WHEN acting_units() <> '{}' THEN ' OR c.unit_id = ANY ($8)' ELSE '' END
    || CASE WHEN acting_account() IS NOT NULL THEN ' OR c.handler_id = $9' ELSE '' END || ')' END;
DROP TRIGGER cases_follow_log ON cases;
DROP TRIGGER cases_then_number ON cases;
ALTER FUNCTION place_case() SECURITY INVOKER RESET search_path;
DROP FUNCTION cases_near(bigint, double precision, integer, integer), works_in(integer, integer), works_at(integer, bigint, text[]), in_district(integer, geometry), log_import_of(bigint), imported_facts(cases);
DROP TABLE case_links, case_report_keys, case_contacts, case_attachments, case_remarks, case_transitions CASCADE;
DROP FUNCTION own_file(integer), confided(bigint);
DROP TRIGGER cases_veil ON cases;
DROP TRIGGER cases_veil_later ON cases;
DROP FUNCTION veil_case();
ALTER TABLE case_categories DROP restricted;
REVOKE USAGE ON SEQUENCE case_id_seq FROM panlong_app;
DROP FUNCTION answers_callers(), acting_posts(), number_case(), follow_log(), keep_transition(), chain_transition(), first_link(bigint);
REVOKE INSERT (district_id, category_id, state, reported_at, source, address, description, area_id, geom, loop, reporter_id,
    simulated) ON cases FROM panlong_app;
REVOKE UPDATE (state, loop, version, stand, unit_id, handler_id, co_unit_ids, condition_id, category_id, due_at, near_at, closed_at) ON cases FROM panlong_app;
ALTER TABLE cases DROP number, DROP loop, DROP version, DROP stand, DROP condition_id, DROP near_at, DROP reporter_id, DROP co_unit_ids;
