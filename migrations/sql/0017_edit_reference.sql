-- Reference data that the system administrator edits. A row holds from a day to a day (half open), is never rewritten but ended,
-- and another row of its key follows it; a row that ended on its first day held on none.
CREATE TABLE business_lines (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    code text NOT NULL CHECK (code <> ''),
    letter text NOT NULL CHECK (letter ~ '^[A-Z]$'),
    name text NOT NULL CHECK (name <> ''),
    name_en text,
    valid_from_on date NOT NULL DEFAULT DATE '2000-01-01',
    valid_to_on date CHECK (valid_to_on >= valid_from_on),
    CONSTRAINT business_lines_one_at_a_time EXCLUDE USING gist
        (district_id WITH =, code WITH =, daterange(valid_from_on, valid_to_on) WITH &&)
);
CREATE TABLE majors (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    code text NOT NULL CHECK (code <> ''),
    line text NOT NULL,
    name text NOT NULL CHECK (name <> ''),
    name_en text,
    valid_from_on date NOT NULL DEFAULT DATE '2000-01-01',
    valid_to_on date CHECK (valid_to_on >= valid_from_on),
    CONSTRAINT majors_one_at_a_time EXCLUDE USING gist
        (district_id WITH =, code WITH =, daterange(valid_from_on, valid_to_on) WITH &&)
);
-- 时令: first and last day of the year, month-day, both included; it may wrap over New Year.
CREATE TABLE seasons (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    code text NOT NULL CHECK (code <> ''),
    name text NOT NULL CHECK (name <> ''),
    name_en text,
    "begin" text NOT NULL CHECK ("begin" ~ '^[01][0-9]-[0-3][0-9]$'),
    "end" text NOT NULL CHECK ("end" ~ '^[01][0-9]-[0-3][0-9]$'),
    valid_from_on date NOT NULL DEFAULT DATE '2000-01-01',
    valid_to_on date CHECK (valid_to_on >= valid_from_on),
    CONSTRAINT seasons_one_at_a_time EXCLUDE USING gist
        (district_id WITH =, code WITH =, daterange(valid_from_on, valid_to_on) WITH &&)
);
-- Reasons and phrases 常用语: the text is the row.
CREATE TABLE phrases (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind <> ''),
    "of" text NOT NULL DEFAULT '',
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 500),
    valid_from_on date NOT NULL DEFAULT DATE '2000-01-01',
    valid_to_on date CHECK (valid_to_on >= valid_from_on),
    CONSTRAINT phrases_one_at_a_time EXCLUDE USING gist
        (district_id WITH =, kind WITH =, "of" WITH =, text WITH =, daterange(valid_from_on, valid_to_on) WITH &&)
);
-- 工作日历. Of the rows of a code the last one says what zone it is in and whose holidays it follows.
CREATE TABLE calendars (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    code text NOT NULL CHECK (code <> ''),
    name text NOT NULL CHECK (name <> ''),
    name_en text,
    zone text NOT NULL,
    country text NOT NULL DEFAULT '',
    known_until_on date,
    valid_from_on date NOT NULL DEFAULT DATE '2000-01-01',
    valid_to_on date CHECK (valid_to_on >= valid_from_on),
    CONSTRAINT calendars_one_at_a_time EXCLUDE USING gist
        (district_id WITH =, code WITH =, daterange(valid_from_on, valid_to_on) WITH &&)
);
CREATE TABLE calendar_hours (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    calendar text NOT NULL,
    season_begin text NOT NULL DEFAULT '',
    season_end text NOT NULL DEFAULT '',
    weekdays text NOT NULL,
    hours text NOT NULL,
    valid_from_on date NOT NULL DEFAULT DATE '2000-01-01',
    valid_to_on date CHECK (valid_to_on >= valid_from_on),
    CHECK ((season_begin = '') = (season_end = '')),
    CONSTRAINT calendar_hours_one_at_a_time EXCLUDE USING gist (district_id WITH =, calendar WITH =, season_begin WITH =,
        season_end WITH =, weekdays WITH =, daterange(valid_from_on, valid_to_on) WITH &&)
);
-- A date that is settled otherwise; it counts if the row holds on that date. Calendar '*': all that follow holidays.
CREATE TABLE calendar_days (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    "on" date NOT NULL,
    calendar text NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'closed')),
    hours text NOT NULL DEFAULT '',
    name text,
    name_en text,
    valid_from_on date NOT NULL DEFAULT DATE '2000-01-01',
    valid_to_on date CHECK (valid_to_on >= valid_from_on),
    CHECK (state = 'open' OR hours = ''),
    CONSTRAINT calendar_days_one_at_a_time EXCLUDE USING gist
        (district_id WITH =, "on" WITH =, calendar WITH =, daterange(valid_from_on, valid_to_on) WITH &&)
);
CREATE TABLE stage_limits (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    stage text NOT NULL CHECK (stage IN ('acceptance', 'confirmation', 'dispatch', 'acknowledgement', 'check')),
    urgent boolean NOT NULL,
    amount text NOT NULL CHECK (amount ~ '^[0-9]{1,5}([.][0-9]{1,4}|/[1-9][0-9]{0,3})?$'), -- exact: a third of an hour is 1/3
    unit text NOT NULL CHECK (unit IN ('urgent_hours', 'working_hours', 'working_days', 'calendar_days')),
    valid_from_on date NOT NULL DEFAULT DATE '2000-01-01',
    valid_to_on date CHECK (valid_to_on >= valid_from_on),
    CONSTRAINT stage_limits_one_at_a_time EXCLUDE USING gist
        (district_id WITH =, stage WITH =, (urgent::int) WITH =, daterange(valid_from_on, valid_to_on) WITH &&)
);
CREATE TABLE loops (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    code text NOT NULL CHECK (code IN ('community', 'subdistrict', 'district')),
    name text NOT NULL CHECK (name <> ''),
    name_en text,
    calendar text NOT NULL,
    valid_from_on date NOT NULL DEFAULT DATE '2000-01-01',
    valid_to_on date CHECK (valid_to_on >= valid_from_on),
    CONSTRAINT loops_one_at_a_time EXCLUDE USING gist
        (district_id WITH =, code WITH =, daterange(valid_from_on, valid_to_on) WITH &&)
);

-- A category is one thing however it is called: its row is changed, since cases hang on it.
ALTER TABLE case_categories ADD switched_on boolean NOT NULL DEFAULT true, ADD valid_from_on date NOT NULL DEFAULT DATE '2000-01-01',
    ADD valid_to_on date, ADD CONSTRAINT case_categories_validity CHECK (valid_to_on >= valid_from_on);
ALTER TABLE filing_conditions ADD CONSTRAINT filing_conditions_validity CHECK (valid_to_on >= valid_from_on);
-- 值班电话: of the desk, not of a person. A unit without a calendar of its own works by that of the offices.
ALTER TABLE units ADD inner_check boolean NOT NULL DEFAULT false, ADD calendar text, ADD day_phone text, ADD night_phone text,
    ADD CONSTRAINT units_day_phone CHECK (day_phone ~ '^[0-9+ -]{5,20}$'),
    ADD CONSTRAINT units_night_phone CHECK (night_phone ~ '^[0-9+ -]{5,20}$');

-- The number by which readers know that anything has changed; never the same twice, not even after a rollback.
ALTER TABLE data_versions DROP CONSTRAINT data_versions_topic_check,
    ADD CONSTRAINT data_versions_topic_check CHECK (topic IN ('areas', 'ground', 'cases', 'reference'));
INSERT INTO data_versions (topic) VALUES ('reference');
CREATE SEQUENCE reference_versions START 2;
CREATE FUNCTION count_reference() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE data_versions SET version = nextval('reference_versions') WHERE topic = 'reference';
    RETURN NULL;
END $$;

-- Whoever is not the platform itself leaves the past as it was: new rows begin today or later, and only what is not over ends.
CREATE FUNCTION keep_past() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE today date := district_today(NEW.district_id);
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.valid_from_on < today THEN
            RAISE EXCEPTION 'a new row begins today or later' USING ERRCODE = 'check_violation', CONSTRAINT = 'reference_past_kept';
        END IF;
    ELSIF OLD.valid_to_on IS DISTINCT FROM NEW.valid_to_on AND (OLD.valid_to_on <= today OR NEW.valid_to_on < today) THEN
        RAISE EXCEPTION 'what is over stays as it was' USING ERRCODE = 'check_violation', CONSTRAINT = 'reference_past_kept';
    END IF;
    RETURN NEW;
END $$;

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['business_lines', 'majors', 'seasons', 'phrases', 'calendars', 'calendar_hours', 'calendar_days', 'stage_limits',
                                'loops', 'filing_conditions', 'case_categories', 'units'] LOOP
        EXECUTE format('CREATE TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON %I EXECUTE FUNCTION count_reference()', name || '_count', name);
        CONTINUE WHEN name IN ('case_categories', 'units');
        EXECUTE format('CREATE TRIGGER %I BEFORE INSERT OR UPDATE ON %I FOR EACH ROW WHEN (current_user = ''panlong_app'')
            EXECUTE FUNCTION keep_past()', name || '_keep_past', name);
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY %I ON %I FOR SELECT TO panlong_app USING ((SELECT acting_account()) IS NOT NULL)', name || '_seen', name);
        EXECUTE format('CREATE POLICY %I ON %I FOR SELECT TO panlong_analyst USING (true)', name || '_counted', name);
        EXECUTE format('CREATE POLICY %I ON %I FOR INSERT TO panlong_app WITH CHECK (''sys_admin'' = ANY ((SELECT acting_roles())::text[]))',
            name || '_made', name);
        EXECUTE format('CREATE POLICY %I ON %I FOR UPDATE TO panlong_app USING (''sys_admin'' = ANY ((SELECT acting_roles())::text[]))',
            name || '_ended', name);
        EXECUTE format('GRANT SELECT ON %I TO panlong_app, panlong_analyst', name);
        EXECUTE format('GRANT INSERT, UPDATE (valid_to_on) ON %I TO panlong_app', name);
    END LOOP;
END $$;
ALTER TABLE case_categories ENABLE ROW LEVEL SECURITY;
CREATE POLICY case_categories_seen ON case_categories FOR SELECT TO panlong_app, panlong_analyst USING (true);
CREATE POLICY case_categories_made ON case_categories FOR INSERT TO panlong_app WITH CHECK ('sys_admin' = ANY ((SELECT acting_roles())::text[]));
CREATE POLICY case_categories_changed ON case_categories FOR UPDATE TO panlong_app USING ('sys_admin' = ANY ((SELECT acting_roles())::text[]));
GRANT INSERT, UPDATE (name, name_en, line, major, standard_ref, switched_on, restricted, valid_to_on) ON case_categories TO panlong_app;

-- Hours and telephones of a unit are the system administrator's; who works where, and what kind it is, are not.
CREATE POLICY units_listed ON units FOR INSERT TO panlong_app WITH CHECK ('sys_admin' = ANY ((SELECT acting_roles())::text[])
    AND area_no IS NULL AND parent_id IS NULL AND kind NOT IN ('command', 'sub_centre', 'council', 'security_team'));
CREATE POLICY units_listed_anew ON units FOR UPDATE TO panlong_app USING ('sys_admin' = ANY ((SELECT acting_roles())::text[]));
GRANT UPDATE (duties, inner_check, calendar, day_phone, night_phone, valid_to_on) ON units TO panlong_app;
CREATE FUNCTION keep_kind() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the kind of a unit is for the administrator of rights to change' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER units_keep_kind BEFORE UPDATE OF kind, credit_code ON units FOR EACH ROW
    WHEN ((OLD.kind, OLD.credit_code) IS DISTINCT FROM (NEW.kind, NEW.credit_code) AND current_user = 'panlong_app' AND NOT may_grant())
    EXECUTE FUNCTION keep_kind();

-- A case keeps the condition under which it was registered: nobody rewrites one, not even the platform.
CREATE FUNCTION keep_condition() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF to_jsonb(OLD) - 'valid_to_on' IS DISTINCT FROM to_jsonb(NEW) - 'valid_to_on'
        AND EXISTS (SELECT FROM cases WHERE condition_id = OLD.id) THEN
        RAISE EXCEPTION 'cases are registered under condition %: end it, and let another follow', OLD.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'filing_conditions_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER filing_conditions_kept BEFORE UPDATE ON filing_conditions FOR EACH ROW EXECUTE FUNCTION keep_condition();

-- All that clocks are read by, of one instant, whoever asks: it is kept in the process under its version.
CREATE FUNCTION reference_rows(of_district integer) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT jsonb_build_object(
        'version', (SELECT version FROM data_versions WHERE topic = 'reference'),
        'timezone', (SELECT timezone FROM districts WHERE id = of_district),
        'calendars', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.valid_from_on, t.id), '[]') FROM calendars t WHERE district_id = of_district),
        'calendar_hours', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.id), '[]') FROM calendar_hours t WHERE district_id = of_district),
        'calendar_days', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.id), '[]') FROM calendar_days t WHERE district_id = of_district),
        'stage_limits', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.id), '[]') FROM stage_limits t WHERE district_id = of_district),
        'loops', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.id), '[]') FROM loops t WHERE district_id = of_district),
        'seasons', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.id), '[]') FROM seasons t WHERE district_id = of_district))
$$;
REVOKE EXECUTE ON FUNCTION reference_rows(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reference_rows(integer) TO panlong_app;
