-- Who gets a case: ownership (管养区段: stretch × kind × unit), rulings 裁定, routing rules (kind × area × unit), and whether the
-- platform may dispatch by them itself. Rows have a time of validity; what held then can be asked later.
ALTER TABLE units ADD successor_id integer REFERENCES units ON DELETE SET NULL, ADD CONSTRAINT units_successor CHECK (successor_id <> id);

CREATE TABLE maintenance_areas (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    code text NOT NULL CHECK (length(code) BETWEEN 1 AND 60),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    category_id integer REFERENCES case_categories,
    major text,
    line text, -- of none of the three: whatever is there
    unit_id integer NOT NULL REFERENCES units,
    tolerance_m double precision NOT NULL DEFAULT 10 CHECK (tolerance_m BETWEEN 0 AND 200),
    source text NOT NULL CHECK (source IN ('import', 'ruling', 'demo', 'entered')),
    case_id bigint, -- the case in which it was ruled, and the row of its log
    version integer,
    ended_by integer REFERENCES maintenance_areas ON DELETE SET NULL,
    valid_from_on date NOT NULL DEFAULT DATE '2000-01-01',
    valid_to_on date, -- the day after the last; a row that was over on its first day held on none
    simulated boolean NOT NULL DEFAULT false,
    geom geometry (Geometry, 4490) NOT NULL CHECK (NOT ST_IsEmpty(geom)),
    reach geometry (Polygon, 4490) NOT NULL, -- a box of all that it is asked about: its own with the tolerance and 30 m more
    CHECK (valid_to_on >= valid_from_on),
    CHECK (num_nonnulls(category_id, major, line) <= 1),
    CHECK ((source = 'ruling') = (case_id IS NOT NULL) AND (case_id IS NULL) = (version IS NULL)),
    CONSTRAINT maintenance_areas_one_at_a_time EXCLUDE USING gist
        (district_id WITH =, code WITH =, daterange(valid_from_on, valid_to_on) WITH &&)
);
CREATE FUNCTION reach_out() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE degrees double precision := (NEW.tolerance_m + 30) / 110574; -- no degree of latitude is shorter, in metres
BEGIN
    NEW.reach := ST_Envelope(ST_Expand(NEW.geom, degrees / greatest(cos(radians(greatest(abs(ST_YMin(NEW.geom)), abs(ST_YMax(NEW.geom))))), 0.1), degrees));
    RETURN NEW;
END $$;
CREATE TRIGGER maintenance_areas_reach BEFORE INSERT OR UPDATE OF geom, tolerance_m, reach ON maintenance_areas FOR EACH ROW EXECUTE FUNCTION reach_out();
CREATE INDEX ix_maintenance_areas_reach ON maintenance_areas USING gist (reach);
CREATE INDEX ix_maintenance_areas_case_id ON maintenance_areas (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX ix_maintenance_areas_ended_by ON maintenance_areas (ended_by) WHERE ended_by IS NOT NULL;

CREATE TABLE routing_rules (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    category_id integer REFERENCES case_categories,
    major text,
    line text,
    area_no bigint NOT NULL REFERENCES area_numbers ON UPDATE CASCADE ON DELETE CASCADE,
    unit_code text NOT NULL, -- of a unit, or a name that each area has its own unit for (街道办, 社区工作站 …)
    note text CHECK (length(note) <= 200),
    source text NOT NULL DEFAULT 'import' CHECK (source IN ('reference', 'import', 'entered')),
    valid_from_on date NOT NULL DEFAULT DATE '2000-01-01',
    valid_to_on date,
    CHECK (valid_to_on >= valid_from_on),
    CHECK (num_nonnulls(category_id, major, line) = 1),
    CONSTRAINT routing_rules_one_at_a_time EXCLUDE USING gist
        (district_id WITH =, (coalesce(category_id, 0)) WITH =, (coalesce(major, '')) WITH =, (coalesce(line, '')) WITH =,
         area_no WITH =, daterange(valid_from_on, valid_to_on) WITH &&)
);
CREATE INDEX ix_routing_rules_area_no ON routing_rules (area_no);

-- A district without a row dispatches by these defaults.
CREATE TABLE dispatch_policies (
    district_id integer PRIMARY KEY REFERENCES districts ON DELETE CASCADE,
    automatic boolean NOT NULL DEFAULT true,
    sample_share numeric(4, 3) NOT NULL DEFAULT 0.1 CHECK (sample_share BETWEEN 0 AND 1),
    ruling_radius_m double precision NOT NULL DEFAULT 20 CHECK (ruling_radius_m BETWEEN 1 AND 200)
);

CREATE FUNCTION works_with_cases() RETURNS boolean LANGUAGE sql STABLE
RETURN acting_roles() && ARRAY['grid_officer', 'community_desk', 'supervisor', 'subcentre_operator', 'subcentre_head', 'inspector',
    'acceptor', 'dispatcher', 'duty_officer', 'unit_dispatcher', 'handler', 'supervision_officer', 'evaluator', 'analyst', 'leader', 'sys_admin'];
CREATE FUNCTION administers_system() RETURNS boolean LANGUAGE sql STABLE RETURN 'sys_admin' = ANY (acting_roles());

ALTER TABLE maintenance_areas ENABLE ROW LEVEL SECURITY;
CREATE POLICY maintenance_areas_seen ON maintenance_areas FOR SELECT TO panlong_app USING ((SELECT works_with_cases()));
-- A ruling comes through its door alone. What holds is not rewritten: it ends, and another row follows it.
CREATE POLICY maintenance_areas_made ON maintenance_areas FOR INSERT TO panlong_app WITH CHECK (
    (SELECT administers_system()) AND source = 'entered' AND case_id IS NULL);
CREATE POLICY maintenance_areas_ended ON maintenance_areas FOR UPDATE TO panlong_app USING ((SELECT administers_system()));
GRANT SELECT, INSERT ON maintenance_areas TO panlong_app;
GRANT UPDATE (name, valid_to_on) ON maintenance_areas TO panlong_app;
ALTER TABLE routing_rules ENABLE ROW LEVEL SECURITY;
CREATE POLICY routing_rules_seen ON routing_rules FOR SELECT TO panlong_app USING ((SELECT works_with_cases()));
CREATE POLICY routing_rules_made ON routing_rules FOR INSERT TO panlong_app WITH CHECK ((SELECT administers_system()) AND source = 'entered');
CREATE POLICY routing_rules_ended ON routing_rules FOR UPDATE TO panlong_app USING ((SELECT administers_system()));
GRANT SELECT, INSERT ON routing_rules TO panlong_app;
GRANT UPDATE (note, valid_to_on) ON routing_rules TO panlong_app;
ALTER TABLE dispatch_policies ENABLE ROW LEVEL SECURITY;
CREATE POLICY dispatch_policies_seen ON dispatch_policies FOR SELECT TO panlong_app USING ((SELECT works_with_cases()));
CREATE POLICY dispatch_policies_made ON dispatch_policies FOR INSERT TO panlong_app WITH CHECK ((SELECT administers_system()));
CREATE POLICY dispatch_policies_set ON dispatch_policies FOR UPDATE TO panlong_app USING ((SELECT administers_system()));
GRANT SELECT, INSERT, UPDATE ON dispatch_policies TO panlong_app;

-- What is looked after at a place, for a category: what reaches it first, then what is near but does not. Behind the wall, for
-- the index of && (see 0007); whoever does not work with cases is told nothing.
CREATE FUNCTION maintained_at(of_district integer, place geometry, of_category integer, on_day date)
RETURNS TABLE (id integer, code text, name text, scope text, unit_id integer, tolerance_m double precision, distance_m double precision,
    extent_m2 double precision, ruling boolean, case_id bigint, since date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE kind record;
BEGIN
    IF place IS NULL OR NOT (current_setting('role') IS DISTINCT FROM 'panlong_app' OR works_with_cases()) THEN RETURN; END IF;
    SELECT k.major, k.line INTO kind FROM case_categories k WHERE k.id = of_category;
    -- Measured once: without OFFSET 0 a distance would be reckoned again wherever it is named.
    RETURN QUERY SELECT m.id, m.code, m.name,
        CASE WHEN m.category_id IS NOT NULL THEN 'category' WHEN m.major IS NOT NULL THEN 'major' WHEN m.line IS NOT NULL THEN 'line'
             ELSE 'anything' END,
        m.unit_id, m.tolerance_m, m.away_m, CASE WHEN ST_Dimension(m.geom) = 2 THEN ST_Area(m.geom::geography) ELSE 0 END,
        m.source = 'ruling', m.case_id, m.valid_from_on
    FROM (SELECT a.*, ST_Distance(a.geom::geography, place::geography) AS away_m FROM maintenance_areas a
        WHERE a.district_id = of_district AND a.reach && place AND daterange(a.valid_from_on, a.valid_to_on) @> on_day
            AND (a.category_id = of_category OR a.major = kind.major OR a.line = kind.line OR num_nonnulls(a.category_id, a.major, a.line) = 0)
        OFFSET 0) m
    WHERE m.away_m <= m.tolerance_m + 30
    ORDER BY m.away_m > m.tolerance_m, m.source <> 'ruling', m.category_id IS NULL, m.major IS NULL, m.line IS NULL, m.away_m,
        CASE WHEN ST_Dimension(m.geom) = 2 THEN ST_Area(m.geom::geography) ELSE 0 END, m.valid_from_on DESC, m.id DESC
    LIMIT 12;
END $$;

-- Units that a case at a place could go to, whatever the one who asks sees of units: those of everywhere, those of the areas
-- that the place lies in, those that are named, and who came after them.
CREATE FUNCTION routing_units(of_district integer, place bigint, named integer[])
RETURNS TABLE (id integer, code text, name text, name_en text, kind text, area_no bigint, area_code text, since date, until date, successor_id integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH RECURSIVE found AS (
        SELECT u.id, u.successor_id FROM units u LEFT JOIN area_numbers n ON n.no = u.area_no
        WHERE u.district_id = of_district AND u.kind NOT IN ('council', 'security_team')
            AND (u.id = ANY (named) OR u.area_no IS NULL OR place BETWEEN n.no AND n.last_no)
            AND (current_setting('role') IS DISTINCT FROM 'panlong_app' OR works_with_cases())
        UNION SELECT u.id, u.successor_id FROM units u JOIN found f ON u.id = f.successor_id
    )
    SELECT u.id, u.code, u.name, u.name_en, u.kind, u.area_no, n.code, u.valid_from_on, u.valid_to_on, u.successor_id
    FROM found f JOIN units u USING (id) LEFT JOIN area_numbers n ON n.no = u.area_no ORDER BY u.id
$$;

-- The door of rulings: it opens to the adjudication that was written in this very transaction, and to its undoing.
CREATE FUNCTION write_ruling(of_case bigint) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE ruled record; made integer; today date; metres double precision;
BEGIN
    SELECT c.district_id, c.category_id, c.geom, coalesce(c.number, c.external_ref, c.id::text) AS number, t.version, t.unit_id INTO ruled
    FROM cases c JOIN case_transitions t ON t.case_id = c.id AND t.version = c.version
    WHERE c.id = of_case AND t.move = 'adjudicate' AND t.xid = pg_current_xact_id() AND t.account_id IS NOT DISTINCT FROM acting_account();
    IF NOT FOUND THEN
        RAISE EXCEPTION 'case % was not ruled on just now', of_case USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF ruled.geom IS NULL THEN RETURN NULL; END IF;
    today := district_today(ruled.district_id);
    SELECT coalesce((SELECT ruling_radius_m FROM dispatch_policies WHERE district_id = ruled.district_id), 20) INTO metres;
    INSERT INTO maintenance_areas (district_id, code, name, category_id, unit_id, tolerance_m, source, case_id, version, valid_from_on, geom)
        VALUES (ruled.district_id, 'ruling-' || of_case || '-' || ruled.version, ruled.number, ruled.category_id, ruled.unit_id, metres, 'ruling',
            of_case, ruled.version, today, ruled.geom) RETURNING id INTO made;
    UPDATE maintenance_areas m SET valid_to_on = greatest(today, valid_from_on), ended_by = made
        WHERE m.source = 'ruling' AND m.id <> made AND m.district_id = ruled.district_id AND m.category_id = ruled.category_id AND m.valid_to_on IS NULL
            AND m.reach && ruled.geom AND ST_DWithin(m.geom::geography, ruled.geom::geography, m.tolerance_m);
    RETURN made;
END $$;
CREATE FUNCTION withdraw_ruling(of_case bigint) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE ruling integer;
BEGIN
    SELECT m.id INTO ruling FROM cases c JOIN case_transitions t ON t.case_id = c.id AND t.version = c.version
        JOIN maintenance_areas m ON m.case_id = c.id AND m.version = t.version - 1
    WHERE c.id = of_case AND t.move = 'undo' AND t.xid = pg_current_xact_id() AND t.account_id IS NOT DISTINCT FROM acting_account();
    UPDATE maintenance_areas SET valid_to_on = valid_from_on WHERE id = ruling;
    UPDATE maintenance_areas SET valid_to_on = NULL, ended_by = NULL WHERE ended_by = ruling;
    RETURN ruling;
END $$;

-- 受理立案派遣 by the platform: its rows name no account, and are let in only behind a report that was made in this transaction.
CREATE FUNCTION reported_just_now(of_case bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN EXISTS (SELECT FROM case_transitions t WHERE t.case_id = of_case AND t.version = 1 AND t.move = 'report'
    AND t.account_id = acting_account() AND t.xid = pg_current_xact_id());
CREATE POLICY case_transitions_automatic ON case_transitions FOR INSERT TO panlong_app WITH CHECK (
    account_id IS NULL AND post_id IS NULL AND client_id IS NULL AND move IN ('accept', 'register', 'dispatch') AND version <= 4
    AND facts -> 'automatic' = 'true' AND (SELECT acting_roles() && ARRAY['grid_officer', 'supervisor'])
    AND at BETWEEN now() - interval '1 minute' AND now() + interval '1 day' AND reported_just_now(case_id));

-- 抽查: what went out by itself, was drawn, and no desk has written a row about since; the newest first.
CREATE INDEX ix_case_transitions_sampled ON case_transitions (case_id) WHERE facts -> 'sampled' = 'true';
CREATE FUNCTION sampled_dispatches(of_district integer, before bigint, most integer) RETURNS TABLE (case_id bigint, version integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.case_id, t.version FROM case_transitions t JOIN cases c ON c.id = t.case_id
    WHERE t.facts -> 'sampled' = 'true' AND c.district_id = of_district AND (before IS NULL OR t.case_id < before)
        AND (whole_territory() OR c.area_no <@ territory()) AND NOT EXISTS (SELECT FROM case_transitions l JOIN posts p ON p.id = l.post_id
            WHERE l.case_id = t.case_id AND l.version > t.version AND p.role IN
                ('community_desk', 'subcentre_operator', 'subcentre_head', 'acceptor', 'dispatcher', 'duty_officer'))
    ORDER BY t.case_id DESC LIMIT most
$$;

REVOKE EXECUTE ON FUNCTION sampled_dispatches(integer, bigint, integer), maintained_at(integer, geometry, integer, date), routing_units(integer, bigint, integer[]), write_ruling(bigint),
    withdraw_ruling(bigint), reported_just_now(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sampled_dispatches(integer, bigint, integer), maintained_at(integer, geometry, integer, date), routing_units(integer, bigint, integer[]), write_ruling(bigint),
    withdraw_ruling(bigint), reported_just_now(bigint) TO panlong_app;
