DROP FUNCTION area_tile(integer, integer, integer, integer, text[]),
    cases_in_box(geometry, integer, timestamptz, text, integer[], timestamptz, timestamptz, integer, boolean, integer, timestamptz, bigint, integer),
    case_tile(integer, integer, integer, integer, integer, timestamptz, text, integer[], timestamptz, timestamptz, integer),
    case_filter(text), territory_condition(), case_condition(text);
DO $$
DECLARE seen record;
BEGIN
    FOR seen IN SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'public' LOOP
        EXECUTE format('DROP POLICY %I ON %I', seen.policyname, seen.tablename);
        EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', seen.tablename);
    END LOOP;
END $$;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM panlong_app, panlong_analyst;
DROP FUNCTION account_in_sight(integer), staff_in_sight(integer), post_in_sight(integer), administers(), all_areas_seen(), whole_territory(),
    acting_roles(), acting_account(), acting_units(), territory(), acting(text);
DROP TABLE analyst_logins;
ALTER TABLE area_borders DROP left_no, DROP right_no;
ALTER TABLE cases DROP unit_id, DROP handler_id;
