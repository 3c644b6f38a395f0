-- The dispatch's data are edited as all reference data are: a change has a new version, and the past stays as it was.
ALTER TABLE maintenance_areas ADD ended_because text CHECK (length(ended_because) BETWEEN 1 AND 200);
GRANT UPDATE (ended_because) ON maintenance_areas TO panlong_app;

-- Once a transaction is enough, since nobody sees it sooner: a file of ten thousand stretches is as many statements, and each
-- would leave another version of the one row that counts.
CREATE FUNCTION count_dispatch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF current_setting('panlong.dispatch_counted', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
        UPDATE data_versions SET version = nextval('reference_versions') WHERE topic = 'reference';
        PERFORM set_config('panlong.dispatch_counted', pg_current_xact_id()::text, true);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER maintenance_areas_count AFTER INSERT OR UPDATE OR DELETE ON maintenance_areas EXECUTE FUNCTION count_dispatch();
CREATE TRIGGER routing_rules_count AFTER INSERT OR UPDATE OR DELETE ON routing_rules EXECUTE FUNCTION count_dispatch();
CREATE TRIGGER maintenance_areas_keep_past BEFORE INSERT OR UPDATE ON maintenance_areas FOR EACH ROW
    WHEN (current_user = 'panlong_app') EXECUTE FUNCTION keep_past();
CREATE TRIGGER routing_rules_keep_past BEFORE INSERT OR UPDATE ON routing_rules FOR EACH ROW
    WHEN (current_user = 'panlong_app') EXECUTE FUNCTION keep_past();

-- A ruling ends only with a reason, whoever writes; until it is undone or another one is made, which have theirs.
CREATE FUNCTION keep_ruling_reason() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a ruling ends with a reason' USING ERRCODE = 'check_violation', CONSTRAINT = 'maintenance_areas_ruling_reason';
END $$;
CREATE TRIGGER maintenance_areas_ruling_reason BEFORE UPDATE ON maintenance_areas FOR EACH ROW
    WHEN (current_user = 'panlong_app' AND NEW.source = 'ruling' AND NEW.valid_to_on IS NOT NULL AND NEW.ended_because IS NULL)
    EXECUTE FUNCTION keep_ruling_reason();

-- Whoever says which unit has what where has to name the areas, though not what happens in them.
CREATE POLICY areas_named ON areas FOR SELECT TO panlong_app USING ((SELECT administers_system()));
CREATE POLICY area_numbers_named ON area_numbers FOR SELECT TO panlong_app USING ((SELECT administers_system()));
