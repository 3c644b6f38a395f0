-- Being there: leave 休假 and stand-ins 代班, the duty roster 值班表, 上岗/下岗, who serves a desk at night, the signed 交接班.

-- Why somebody is away is not asked: a stand-in is found without it.
CREATE TABLE leaves (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    staff_id integer NOT NULL REFERENCES staff_members ON DELETE CASCADE,
    from_on date NOT NULL,
    until_on date NOT NULL, -- the first day back
    CONSTRAINT leaves_order CHECK (until_on > from_on),
    CONSTRAINT leaves_length CHECK (until_on - from_on <= 366),
    CONSTRAINT leaves_once EXCLUDE USING gist (staff_id WITH =, daterange(from_on, until_on) WITH &&)
);

-- A stand-in has the absent one's cell or post for days of the leave; beside them, not instead: the cell stays theirs. A cell
-- without an officer is covered by one from elsewhere for some days alike, but for no leave.
ALTER TABLE assignments ADD leave_id integer REFERENCES leaves ON DELETE CASCADE;
ALTER TABLE post_holders ADD leave_id integer REFERENCES leaves ON DELETE CASCADE;
CREATE INDEX ix_assignments_leave_id ON assignments (leave_id) WHERE leave_id IS NOT NULL;
CREATE INDEX ix_post_holders_leave_id ON post_holders (leave_id) WHERE leave_id IS NOT NULL;
ALTER TABLE assignments DROP CONSTRAINT assignments_kind_check, DROP CONSTRAINT assignments_check1,
    ADD CONSTRAINT assignments_kind_check CHECK (kind IN ('full_time', 'professional', 'part_time', 'stand_in')),
    ADD CONSTRAINT assignments_officer CHECK ((kind IN ('full_time', 'stand_in')) = (duty = 'grid_officer')),
    ADD CONSTRAINT assignments_stand_in CHECK (kind = 'stand_in' OR leave_id IS NULL);

CREATE FUNCTION check_stand_in() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE away leaves;
BEGIN
    SELECT * INTO away FROM leaves WHERE id = NEW.leave_id FOR SHARE;
    IF NEW.staff_id = away.staff_id OR NEW.until_on IS NULL OR NOT daterange(NEW.from_on, NEW.until_on) <@ daterange(away.from_on, away.until_on) THEN
        RAISE EXCEPTION 'a stand-in is somebody else, for days of the leave' USING ERRCODE = 'check_violation', CONSTRAINT = 'stand_in_days';
    END IF;
    IF EXISTS (SELECT FROM leaves WHERE staff_id = NEW.staff_id AND daterange(from_on, until_on) && daterange(NEW.from_on, NEW.until_on)) THEN
        RAISE EXCEPTION 'a stand-in is there' USING ERRCODE = 'check_violation', CONSTRAINT = 'stand_in_away';
    END IF;
    IF NEW.leave_id IS NULL THEN
        RETURN NEW;
    ELSIF TG_TABLE_NAME = 'assignments' THEN
        IF NOT coalesce(daterange(NEW.from_on, NEW.until_on) <@ (SELECT range_agg(daterange(from_on, until_on)) FROM assignments
                WHERE staff_id = away.staff_id AND cell_no = (to_jsonb(NEW) ->> 'cell_no')::bigint AND kind = 'full_time'), false) THEN
            RAISE EXCEPTION 'the cell is not the absent one''s' USING ERRCODE = 'check_violation', CONSTRAINT = 'stand_in_place';
        END IF;
    ELSIF NOT coalesce(daterange(NEW.from_on, NEW.until_on) <@ (SELECT range_agg(daterange(from_on, until_on)) FROM post_holders
            WHERE staff_id = away.staff_id AND post_id = (to_jsonb(NEW) ->> 'post_id')::integer AND leave_id IS NULL), false) THEN
        RAISE EXCEPTION 'the post is not the absent one''s' USING ERRCODE = 'check_violation', CONSTRAINT = 'stand_in_place';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assignments_stand_in BEFORE INSERT ON assignments FOR EACH ROW WHEN (NEW.kind = 'stand_in') EXECUTE FUNCTION check_stand_in();
CREATE TRIGGER post_holders_stand_in BEFORE INSERT ON post_holders FOR EACH ROW WHEN (NEW.leave_id IS NOT NULL) EXECUTE FUNCTION check_stand_in();
-- To be shortened it needs no leave; it may even be the stand-in's own absence that shortens it.
CREATE TRIGGER assignments_stand_in_longer BEFORE UPDATE ON assignments FOR EACH ROW
    WHEN (NEW.kind = 'stand_in' AND coalesce(NEW.until_on, 'infinity') > OLD.until_on) EXECUTE FUNCTION check_stand_in();
CREATE TRIGGER post_holders_stand_in_longer BEFORE UPDATE ON post_holders FOR EACH ROW
    WHEN (NEW.leave_id IS NOT NULL AND coalesce(NEW.until_on, 'infinity') > OLD.until_on) EXECUTE FUNCTION check_stand_in();

-- Who loses a cell or a post loses it for the stand-in too.
CREATE FUNCTION trim_stand_ins() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE held datemultirange; it record;
BEGIN
    IF TG_TABLE_NAME = 'assignments' THEN
        SELECT coalesce(range_agg(daterange(from_on, until_on)), '{}') INTO held FROM assignments
        WHERE staff_id = OLD.staff_id AND kind = 'full_time' AND cell_no = (to_jsonb(OLD) ->> 'cell_no')::bigint;
        FOR it IN SELECT s.id, s.from_on, datemultirange(daterange(s.from_on, s.until_on)) * held AS kept FROM assignments s JOIN leaves l ON l.id = s.leave_id
                  WHERE l.staff_id = OLD.staff_id AND s.cell_no = (to_jsonb(OLD) ->> 'cell_no')::bigint AND NOT daterange(s.from_on, s.until_on) <@ held LOOP
            IF isempty(it.kept) OR lower(it.kept) <> it.from_on THEN DELETE FROM assignments WHERE id = it.id;
            ELSE UPDATE assignments SET until_on = upper(it.kept) WHERE id = it.id; END IF;
        END LOOP;
    ELSE
        SELECT coalesce(range_agg(daterange(from_on, until_on)), '{}') INTO held FROM post_holders
        WHERE staff_id = OLD.staff_id AND leave_id IS NULL AND post_id = (to_jsonb(OLD) ->> 'post_id')::integer;
        FOR it IN SELECT s.id, s.from_on, datemultirange(daterange(s.from_on, s.until_on)) * held AS kept FROM post_holders s JOIN leaves l ON l.id = s.leave_id
                  WHERE l.staff_id = OLD.staff_id AND s.post_id = (to_jsonb(OLD) ->> 'post_id')::integer AND NOT daterange(s.from_on, s.until_on) <@ held LOOP
            IF isempty(it.kept) OR lower(it.kept) <> it.from_on THEN DELETE FROM post_holders WHERE id = it.id;
            ELSE UPDATE post_holders SET until_on = upper(it.kept) WHERE id = it.id; END IF;
        END LOOP;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER assignments_trim AFTER UPDATE OR DELETE ON assignments FOR EACH ROW WHEN (OLD.kind = 'full_time') EXECUTE FUNCTION trim_stand_ins();
CREATE TRIGGER post_holders_trim AFTER UPDATE OR DELETE ON post_holders FOR EACH ROW WHEN (OLD.leave_id IS NULL) EXECUTE FUNCTION trim_stand_ins();

-- A leave that is cut short takes its stand-ins with it.
CREATE FUNCTION leave_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM assignments WHERE leave_id = NEW.id AND NOT daterange(from_on, until_on) && daterange(NEW.from_on, NEW.until_on);
    DELETE FROM post_holders WHERE leave_id = NEW.id AND NOT daterange(from_on, until_on) && daterange(NEW.from_on, NEW.until_on);
    UPDATE assignments SET from_on = greatest(from_on, NEW.from_on), until_on = least(until_on, NEW.until_on)
    WHERE leave_id = NEW.id AND NOT daterange(from_on, until_on) <@ daterange(NEW.from_on, NEW.until_on);
    UPDATE post_holders SET from_on = greatest(from_on, NEW.from_on), until_on = least(until_on, NEW.until_on)
    WHERE leave_id = NEW.id AND NOT daterange(from_on, until_on) <@ daterange(NEW.from_on, NEW.until_on);
    RETURN NULL;
END $$;
CREATE TRIGGER leaves_changed AFTER UPDATE ON leaves FOR EACH ROW EXECUTE FUNCTION leave_changed();

-- Whoever writes, what the triggers do is the house's own doing.
ALTER FUNCTION check_assignment() SECURITY DEFINER SET search_path = public, pg_temp;
ALTER FUNCTION assignment_changed() SECURITY DEFINER SET search_path = public, pg_temp;
ALTER FUNCTION holder_changed() SECURITY DEFINER SET search_path = public, pg_temp;
ALTER FUNCTION post_areas_changed() SECURITY DEFINER SET search_path = public, pg_temp;
ALTER FUNCTION part_powers() SECURITY DEFINER SET search_path = public, pg_temp;

-- Who is planned, and who has said 上岗. Nobody is in two places at a time.
CREATE TABLE shifts (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit_id integer NOT NULL REFERENCES units ON DELETE RESTRICT,
    staff_id integer NOT NULL REFERENCES staff_members ON DELETE CASCADE,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    leads boolean NOT NULL DEFAULT false, -- 带班
    simulated boolean NOT NULL DEFAULT false,
    CONSTRAINT shifts_length CHECK (ends_at > starts_at AND ends_at <= starts_at + interval '36 hours'),
    CONSTRAINT shifts_once EXCLUDE USING gist (staff_id WITH =, tstzrange(starts_at, ends_at) WITH &&)
);
CREATE INDEX ix_shifts_unit_id ON shifts (unit_id, starts_at);
CREATE TABLE duty_spells (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    staff_id integer NOT NULL REFERENCES staff_members ON DELETE CASCADE,
    unit_id integer NOT NULL REFERENCES units ON DELETE RESTRICT,
    began_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    CONSTRAINT duty_spells_order CHECK (ended_at >= began_at),
    CONSTRAINT duty_spells_once EXCLUDE USING gist (staff_id WITH =, tstzrange(began_at, ended_at) WITH &&)
);
CREATE INDEX ix_duty_spells_unit_id ON duty_spells (unit_id) WHERE ended_at IS NULL;

-- The hours of a desk; outside them another unit serves its queue. None: day and night.
ALTER TABLE units ADD opens_at time, ADD closes_at time, ADD night_unit_id integer REFERENCES units ON DELETE SET NULL,
    ADD CONSTRAINT units_hours CHECK ((opens_at IS NULL) = (closes_at IS NULL) AND opens_at IS DISTINCT FROM closes_at OR opens_at IS NULL AND closes_at IS NULL);
UPDATE units SET opens_at = '08:00', closes_at = '22:00', night_unit_id = parent_id WHERE kind = 'sub_centre';

-- A desk taken over by another for some other reason than the hour: a storm, nobody there.
CREATE TABLE takeovers (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit_id integer NOT NULL REFERENCES units ON DELETE RESTRICT,
    by_unit_id integer NOT NULL REFERENCES units ON DELETE RESTRICT,
    reason text NOT NULL CHECK (length(reason) BETWEEN 4 AND 500),
    began_at timestamptz NOT NULL DEFAULT now(),
    began_by integer REFERENCES accounts ON DELETE SET NULL,
    ended_at timestamptz,
    ended_by integer REFERENCES accounts ON DELETE SET NULL,
    CONSTRAINT takeovers_other CHECK (unit_id <> by_unit_id),
    CONSTRAINT takeovers_order CHECK (ended_at >= began_at),
    CONSTRAINT takeovers_once EXCLUDE USING gist (unit_id WITH =, tstzrange(began_at, ended_at) WITH &&)
);

CREATE FUNCTION hours_hold(opens time, closes time, at time) RETURNS boolean LANGUAGE sql IMMUTABLE
RETURN CASE WHEN opens IS NULL THEN true WHEN opens < closes THEN at >= opens AND at < closes ELSE at >= opens OR at < closes END;

-- A desk is taken over by a desk that has itself not been taken over: nobody is sent round in a circle.
CREATE FUNCTION check_takeover() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('takeovers'));
    IF NOT EXISTS (SELECT FROM units WHERE id = NEW.by_unit_id AND kind IN ('command', 'sub_centre'))
        OR NOT EXISTS (SELECT FROM units WHERE id = NEW.unit_id AND kind = 'sub_centre')
        OR EXISTS (SELECT FROM takeovers WHERE ended_at IS NULL AND (unit_id = NEW.by_unit_id OR by_unit_id = NEW.unit_id)) THEN
        RAISE EXCEPTION 'a sub-centre''s desk, by a desk that serves itself' USING ERRCODE = 'check_violation', CONSTRAINT = 'takeovers_desk';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER takeovers_check BEFORE INSERT ON takeovers FOR EACH ROW EXECUTE FUNCTION check_takeover();

-- The unit that serves a unit's queue at an instant: whoever took it over, else itself; outside the hours of that one, its
-- desk of the night.
CREATE FUNCTION desk_at(of_unit integer, at timestamptz) RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN (SELECT CASE WHEN hours_hold(s.opens_at, s.closes_at, (at AT TIME ZONE d.timezone)::time) THEN s.id ELSE coalesce(s.night_unit_id, s.id) END
    FROM units u JOIN districts d ON d.id = u.district_id
    LEFT JOIN takeovers t ON t.unit_id = u.id AND tstzrange(t.began_at, t.ended_at) @> at
    JOIN units s ON s.id = coalesce(t.by_unit_id, u.id) WHERE u.id = of_unit);

-- 交接班: written and signed by the one who goes, countersigned by the one who comes; then nobody can change it.
CREATE TABLE handovers (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit_id integer NOT NULL REFERENCES units ON DELETE RESTRICT,
    to_unit_id integer NOT NULL REFERENCES units ON DELETE RESTRICT,
    happened text NOT NULL DEFAULT '',
    dangerous text NOT NULL DEFAULT '',
    promised text NOT NULL DEFAULT '',
    facts jsonb NOT NULL, -- who was there, what was open, which desks were taken over, as the platform counted it then
    given_by integer REFERENCES accounts ON DELETE RESTRICT,
    given_name text NOT NULL,
    given_at timestamptz NOT NULL,
    content_hash bytea NOT NULL,
    taken_by integer REFERENCES accounts ON DELETE RESTRICT,
    taken_name text,
    taken_at timestamptz,
    remark text,
    CONSTRAINT handovers_lengths CHECK (length(happened) <= 4000 AND length(dangerous) <= 4000 AND length(promised) <= 4000 AND length(remark) <= 2000),
    CONSTRAINT handovers_two CHECK (taken_by <> given_by),
    CONSTRAINT handovers_taken CHECK ((taken_by IS NULL) = (taken_at IS NULL) AND (taken_by IS NULL) = (taken_name IS NULL) AND taken_at >= given_at)
);
CREATE INDEX ix_handovers_unit_id ON handovers (unit_id, id);
CREATE INDEX ix_handovers_to_unit_id ON handovers (to_unit_id, id);
CREATE FUNCTION keep_handover() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.taken_by IS NULL AND NEW.taken_by IS NOT NULL AND
       to_jsonb(OLD) - '{taken_by,taken_name,taken_at,remark}'::text[] = to_jsonb(NEW) - '{taken_by,taken_name,taken_at,remark}'::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a signed hand-over is kept as it is' USING ERRCODE = 'check_violation', CONSTRAINT = 'handovers_kept';
END $$;
CREATE TRIGGER handovers_keep BEFORE UPDATE OR DELETE ON handovers FOR EACH ROW EXECUTE FUNCTION keep_handover();
