-- The log of moves: a row for each, never changed. The row in `cases` is what folding them gives.
ALTER TABLE cases ADD number text, ADD loop text NOT NULL DEFAULT 'subdistrict', ADD version integer NOT NULL DEFAULT 0,
    ADD stand jsonb NOT NULL DEFAULT '{}', ADD condition_id integer REFERENCES filing_conditions, ADD reporter_id integer REFERENCES accounts,
    ADD co_unit_ids integer[], ADD CONSTRAINT cases_loop CHECK (loop IN ('community', 'subdistrict', 'district'));
CREATE INDEX ix_cases_number ON cases (number) WHERE number IS NOT NULL;
CREATE INDEX ix_cases_reporter_id ON cases (reporter_id) WHERE reporter_id IS NOT NULL;
CREATE INDEX ix_cases_co_unit_ids ON cases USING gin (co_unit_ids) WHERE co_unit_ids IS NOT NULL;

-- 临期: from when a case is nearly due, as its clock says; of one without a clock of ours, 90 minutes before it is due.
ALTER TABLE cases ADD near_at timestamptz;
CREATE FUNCTION near_from(near_at timestamptz, due_at timestamptz) RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(near_at, due_at - interval '90 minutes');
GRANT SELECT (near_at, loop, version, condition_id) ON cases TO panlong_analyst;
DO $$
BEGIN
    EXECUTE replace(pg_get_functiondef('case_tile(integer, integer, integer, integer, integer, timestamptz, text, integer[], timestamptz,
        timestamptz, integer)'::regprocedure), 'c.due_at < $1 + interval ''90 minutes''', 'near_from(c.near_at, c.due_at) <= $1');
    EXECUTE replace(pg_get_functiondef('cases_in_box(geometry, integer, timestamptz, text, integer[], timestamptz, timestamptz, integer,
        boolean, integer, timestamptz, bigint, integer)'::regprocedure), 'c.due_at < $1 + interval ''90 minutes''', 'near_from(c.near_at, c.due_at) <= $1');
END $$;
CREATE OR REPLACE FUNCTION case_condition(states text) RETURNS text LANGUAGE sql IMMUTABLE
RETURN CASE states
    WHEN 'open' THEN 'open_state(c.state)'
    WHEN 'overdue' THEN 'open_state(c.state) AND c.state <> ''suspended'' AND c.due_at < $1'
    WHEN 'near' THEN 'open_state(c.state) AND c.state <> ''suspended'' AND c.due_at >= $1 AND near_from(c.near_at, c.due_at) <= $1'
    WHEN 'closed' THEN 'NOT open_state(c.state)'
    WHEN 'all' THEN 'true'
    ELSE 'c.state = $2' END;

CREATE TABLE case_transitions (
    case_id bigint NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    move text NOT NULL,
    source text,
    target text NOT NULL,
    loop text NOT NULL,
    unit_id integer, -- who has it afterwards
    area_no bigint NOT NULL, -- where it lay
    account_id integer, -- no reference: an account may be forgotten, its number stays
    post_id integer,
    seats text[] NOT NULL DEFAULT '{}',
    given jsonb NOT NULL DEFAULT '{}', -- by the one who moves; of texts the salted hash
    facts jsonb NOT NULL DEFAULT '{}', -- by the platform, as they were then
    at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    client_id uuid,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(), -- how far a reader has come; not part of the hash, for a restored database counts anew
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (case_id, version),
    UNIQUE (case_id, client_id)
) PARTITION BY RANGE (case_id);
CREATE TABLE case_transitions_live PARTITION OF case_transitions DEFAULT;
CREATE INDEX ix_case_transitions_xid ON case_transitions (xid);

-- What somebody wrote lies apart, under a salted hash that stays in the log when the text is forgotten.
CREATE TABLE case_remarks (
    case_id bigint NOT NULL,
    version integer NOT NULL,
    field text NOT NULL,
    body text NOT NULL CHECK (length(body) <= 10000),
    salt bytea NOT NULL CHECK (length(salt) = 16),
    PRIMARY KEY (case_id, version, field)
);
CREATE TABLE case_attachments (
    case_id bigint NOT NULL,
    file_id integer NOT NULL REFERENCES files,
    version integer NOT NULL,
    field text NOT NULL,
    PRIMARY KEY (case_id, file_id, version)
);
CREATE INDEX ix_case_attachments_file_id ON case_attachments (file_id);
-- Whom to tell: only as long as the case lives, and only for those who answer.
CREATE TABLE case_contacts (
    case_id bigint PRIMARY KEY,
    name text CHECK (length(name) <= 60),
    phone text NOT NULL CHECK (phone ~ '^[0-9+ -]{5,20}$')
);
CREATE TABLE case_report_keys (
    client_id uuid PRIMARY KEY,
    account_id integer,
    case_id bigint NOT NULL
);

-- 并案, 反复件, 拆分: which case goes on for which.
CREATE TABLE case_links (
    case_id bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('merged_into', 'repeats', 'split_from')),
    other_id bigint NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (case_id, kind, version)
);
CREATE INDEX ix_case_links_other_id ON case_links (other_id);

CREATE FUNCTION transition_hash(t case_transitions) RETURNS bytea LANGUAGE sql IMMUTABLE
RETURN sha256(t.previous || convert_to(jsonb_build_array(t.case_id, t.version, t.move, t.source, t.target, t.loop, t.unit_id, t.area_no,
    t.account_id, t.post_id, to_jsonb(t.seats), t.given, t.facts, (extract(epoch FROM t.at) * 1000000)::bigint,
    (extract(epoch FROM t.recorded_at) * 1000000)::bigint, t.client_id)::text, 'UTF8'));
CREATE FUNCTION first_link(of_case bigint) RETURNS bytea LANGUAGE sql IMMUTABLE RETURN sha256(convert_to('case ' || of_case, 'UTF8'));

CREATE FUNCTION chain_transition() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.version = 1 THEN
        NEW.previous := first_link(NEW.case_id);
    ELSE
        SELECT hash INTO NEW.previous FROM case_transitions WHERE case_id = NEW.case_id AND version = NEW.version - 1;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'row % of case % has none before it', NEW.version, NEW.case_id USING ERRCODE = 'check_violation', CONSTRAINT = 'case_transitions_chain';
        END IF;
    END IF;
    NEW.hash := transition_hash(NEW);
    RETURN NEW;
END $$;
-- A bulk load hashes first rows itself; only the owner can.
CREATE TRIGGER case_transitions_chain BEFORE INSERT ON case_transitions FOR EACH ROW WHEN (NEW.hash IS NULL) EXECUTE FUNCTION chain_transition();
CREATE FUNCTION keep_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log of moves is only added to' USING ERRCODE = 'check_violation', CONSTRAINT = 'case_transitions_kept';
END $$;
CREATE TRIGGER case_transitions_kept BEFORE UPDATE OR DELETE ON case_transitions FOR EACH ROW EXECUTE FUNCTION keep_transition();
CREATE TRIGGER case_transitions_not_emptied BEFORE TRUNCATE ON case_transitions EXECUTE FUNCTION keep_transition();
CREATE TRIGGER case_transitions_live_not_emptied BEFORE TRUNCATE ON case_transitions_live EXECUTE FUNCTION keep_transition();

-- The row follows the log: whoever is not the owner changes a case by writing its next move, in the same transaction.
CREATE FUNCTION follow_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM case_transitions t WHERE t.case_id = NEW.id AND t.version = NEW.version
        AND t.target = NEW.state AND t.loop = NEW."loop" AND t.unit_id IS NOT DISTINCT FROM NEW.unit_id AND t.xid = pg_current_xact_id()) THEN
        RAISE EXCEPTION 'case % is changed without a move', NEW.id USING ERRCODE = 'check_violation', CONSTRAINT = 'cases_follow_log';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_follow_log AFTER UPDATE ON cases FOR EACH ROW WHEN (current_user = 'panlong_app') EXECUTE FUNCTION follow_log();
CREATE FUNCTION number_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.number := new_case_number(NEW.district_id, NEW.area_no);
    RETURN NEW;
END $$;
ALTER FUNCTION number_case() SECURITY DEFINER SET search_path = public, pg_temp;
-- After `cases_place`, which says where it lies: triggers fire by name.
CREATE TRIGGER cases_then_number BEFORE INSERT ON cases FOR EACH ROW WHEN (NEW.reporter_id IS NOT NULL AND NEW.number IS NULL)
    EXECUTE FUNCTION number_case();
-- Whoever reports something lies with it wherever it is: the cell is found past the wall.
ALTER FUNCTION place_case() SECURITY DEFINER SET search_path = public, pg_temp;

-- Where a case was at an instant is what the log held then.
CREATE VIEW case_spans WITH (security_invoker = true) AS
    SELECT case_id, version, target AS state, loop, unit_id, area_no,
           tstzrange(at, lead(at) OVER (PARTITION BY case_id ORDER BY version)) AS during FROM case_transitions;
GRANT SELECT ON case_spans TO panlong_app;

-- What the source of a case that was not reported here said of it: the first row of its log.
CREATE FUNCTION imported_facts(c cases) RETURNS jsonb LANGUAGE sql STABLE
RETURN jsonb_strip_nulls(jsonb_build_object('state', c.state, 'loop', c.loop, 'unit', c.unit_id, 'reported_at', to_jsonb(c.reported_at),
    'due_at', to_jsonb(c.due_at), 'closed_at', to_jsonb(c.closed_at), 'external_ref', c.external_ref, 'import', c.import_id));
CREATE FUNCTION log_import_of(of_case bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO case_transitions (case_id, version, move, target, loop, unit_id, area_no, facts, at)
        SELECT id, 1, 'imported', state, loop, unit_id, area_no, imported_facts(c), now() FROM cases c WHERE id = of_case AND version = 0;
    UPDATE cases SET version = 1 WHERE id = of_case AND version = 0;
END $$;
REVOKE EXECUTE ON FUNCTION log_import_of(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log_import_of(bigint) TO panlong_app;

CREATE FUNCTION in_district(of_district integer, place geometry) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN EXISTS (SELECT FROM areas_on(of_district, district_today(of_district)) a WHERE a.level = 'district' AND ST_Covers(a.geom, place));
REVOKE EXECUTE ON FUNCTION in_district(integer, geometry) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION in_district(integer, geometry) TO panlong_app;

-- 人: what somebody is today, post by post.
CREATE FUNCTION acting_posts() RETURNS TABLE (post_id integer, role text, unit_id integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.id, p.role, p.unit_id FROM staff_members s JOIN post_holders h ON h.staff_id = s.id JOIN posts p ON p.id = h.post_id
    WHERE s.account_id = acting_account() AND daterange(h.from_on, h.until_on) @> district_today(s.district_id)
$$;
REVOKE EXECUTE ON FUNCTION acting_posts() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION acting_posts() TO panlong_app;

-- Cases near a case in space and time that the one who asks may see: behind the wall, for the index of && (see 0007).
CREATE FUNCTION cases_near(of_case bigint, metres double precision, days integer, most integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $f$
DECLARE me record;
BEGIN
    SELECT c.geom, c.geom_3857, c.district_id, c.reported_at INTO me FROM cases c WHERE c.id = of_case;
    RETURN QUERY EXECUTE 'SELECT c.id FROM cases c WHERE c.geom_3857 && $10 AND c.district_id = $11 AND c.id <> $12
        AND c.reported_at BETWEEN $13 AND $14 AND ST_DWithin(c.geom::geography, $15::geography, $16) AND ' || case_filter('all')
        || ' ORDER BY c.geom <-> $15, c.id LIMIT $17'
    USING now(), 'all'::text, NULL::integer[], NULL::timestamptz, NULL::timestamptz, NULL::integer, territory(), acting_units(), acting_account(),
        -- Metres of the web projection are longer than those on the ground by 1 / cos(latitude).
        ST_Expand(me.geom_3857, metres / greatest(cos(radians(ST_Y(me.geom))), 0.1) + 1), me.district_id, of_case,
        me.reported_at - make_interval(days => days), me.reported_at + make_interval(days => days), me.geom, metres, most;
END $f$;
REVOKE EXECUTE ON FUNCTION cases_near(bigint, double precision, integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cases_near(bigint, double precision, integer, integer) TO panlong_app;

-- Whether somebody whom a move names is fit for it: a yes or a no, and no more about them.
CREATE FUNCTION works_in(account integer, of_unit integer) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN EXISTS (SELECT FROM staff_members s JOIN post_holders h ON h.staff_id = s.id JOIN posts p ON p.id = h.post_id
    WHERE s.account_id = account AND p.unit_id = of_unit AND daterange(h.from_on, h.until_on) @> district_today(s.district_id));
CREATE FUNCTION works_at(account integer, place bigint, roles text[]) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN EXISTS (SELECT FROM staff_members s JOIN post_holders h ON h.staff_id = s.id JOIN posts p ON p.id = h.post_id
    JOIN post_areas a ON a.post_id = p.id JOIN area_numbers n ON n.no = a.area_no
    WHERE s.account_id = account AND p.role = ANY (roles) AND place BETWEEN n.no AND n.last_no
    AND daterange(h.from_on, h.until_on) @> district_today(s.district_id));
REVOKE EXECUTE ON FUNCTION works_in(integer, integer), works_at(integer, bigint, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION works_in(integer, integer), works_at(integer, bigint, text[]) TO panlong_app;

ALTER POLICY cases_seen ON cases USING (
    (SELECT whole_territory())
    OR (area_no >= (SELECT lower(territory())) AND area_no < (SELECT upper(territory())) AND area_no <@ (SELECT territory()))
    OR unit_id = ANY ((SELECT acting_units())::integer[]) OR handler_id = (SELECT acting_account())
    OR reporter_id = (SELECT acting_account()) OR co_unit_ids && (SELECT acting_units())::integer[]);
CREATE OR REPLACE FUNCTION territory_condition() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN CASE WHEN whole_territory() THEN 'true' ELSE
    '(c.area_no >= lower($7) AND c.area_no < upper($7) AND c.area_no <@ $7'
    || CASE WHEN acting_units() <> '{}' THEN ' OR c.unit_id = ANY ($8) OR c.co_unit_ids && $8' ELSE '' END
    || CASE WHEN acting_account() IS NOT NULL THEN ' OR c.handler_id = $9 OR c.reporter_id = $9' ELSE '' END || ')' END;
CREATE POLICY cases_reported ON cases FOR INSERT TO panlong_app WITH CHECK (
    state = 'reported' AND version = 0 AND reporter_id = (SELECT acting_account()) AND import_id IS NULL AND unit_id IS NULL);
-- Also where a statement asks for no row by name: that is why the wall stands here again.
CREATE POLICY cases_moved ON cases FOR UPDATE TO panlong_app USING (
    (SELECT whole_territory())
    OR (area_no >= (SELECT lower(territory())) AND area_no < (SELECT upper(territory())) AND area_no <@ (SELECT territory()))
    OR unit_id = ANY ((SELECT acting_units())::integer[]) OR handler_id = (SELECT acting_account())
    OR reporter_id = (SELECT acting_account()) OR co_unit_ids && (SELECT acting_units())::integer[]) WITH CHECK (true);
GRANT INSERT (district_id, category_id, state, reported_at, source, address, description, area_id, geom, loop, reporter_id,
    simulated) ON cases TO panlong_app;
GRANT USAGE ON SEQUENCE case_id_seq TO panlong_app;
GRANT UPDATE (state, loop, version, stand, unit_id, handler_id, co_unit_ids, condition_id, category_id, due_at, near_at, closed_at) ON cases TO panlong_app;

ALTER TABLE case_transitions ENABLE ROW LEVEL SECURITY;
CREATE POLICY case_transitions_seen ON case_transitions FOR SELECT TO panlong_app USING (EXISTS (SELECT FROM cases c WHERE c.id = case_id));
CREATE POLICY case_transitions_made ON case_transitions FOR INSERT TO panlong_app WITH CHECK (
    account_id = (SELECT acting_account()) AND at BETWEEN now() - interval '1 minute' AND now() + interval '1 day'
    AND EXISTS (SELECT FROM cases c WHERE c.id = case_id));
GRANT SELECT ON case_transitions TO panlong_app;
GRANT INSERT (case_id, version, move, source, target, loop, unit_id, area_no, account_id, post_id, seats, given, facts, at, client_id)
    ON case_transitions TO panlong_app;
ALTER TABLE case_remarks ENABLE ROW LEVEL SECURITY;
-- 限知: what is said in confidence. The row of such a case, which maps, lists and exports read, holds neither its text nor its
-- place, only the cell; both lie with the texts, for those who deal with it.
ALTER TABLE case_categories ADD restricted boolean NOT NULL DEFAULT false;
CREATE FUNCTION veil_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE place text;
BEGIN
    IF NOT (SELECT restricted FROM case_categories WHERE id = NEW.category_id) THEN RETURN NEW; END IF;
    IF NEW.geom IS NOT NULL THEN place := format('%s, %s', round(ST_X(NEW.geom)::numeric, 6), round(ST_Y(NEW.geom)::numeric, 6)); END IF;
    INSERT INTO case_remarks (case_id, version, field, body, salt)
        SELECT NEW.id, greatest(NEW.version, 1), field, body, uuid_send(gen_random_uuid())
        FROM (VALUES ('kept_place', place), ('kept_address', NEW.address), ('kept_description', NEW.description)) AS kept (field, body)
        WHERE body IS NOT NULL ON CONFLICT DO NOTHING;
    NEW.address := NULL;
    NEW.description := NULL;
    NEW.geom := (SELECT ST_PointOnSurface(geom) FROM areas WHERE id = NEW.cell_id);
    NEW.geom_3857 := ST_Transform(NEW.geom, 3857);
    RETURN NEW;
END $$;
-- Last of the triggers, by its name: when it is known where the case lies.
CREATE TRIGGER cases_veil BEFORE INSERT ON cases FOR EACH ROW EXECUTE FUNCTION veil_case();
CREATE TRIGGER cases_veil_later BEFORE UPDATE OF category_id ON cases FOR EACH ROW WHEN (OLD.category_id <> NEW.category_id) EXECUTE FUNCTION veil_case();
CREATE FUNCTION confided(of_case bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN EXISTS (SELECT FROM cases c JOIN case_categories k ON k.id = c.category_id WHERE c.id = of_case AND (NOT k.restricted
    OR acting_account() IN (c.reporter_id, c.handler_id) OR c.unit_id = ANY (acting_units())
    OR acting_roles() && ARRAY['acceptor', 'dispatcher', 'duty_officer']));
REVOKE EXECUTE ON FUNCTION confided(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION confided(bigint) TO panlong_app;
CREATE POLICY case_remarks_seen ON case_remarks FOR SELECT TO panlong_app USING (
    EXISTS (SELECT FROM cases c WHERE c.id = case_id) AND confided(case_id));
CREATE POLICY case_remarks_made ON case_remarks FOR INSERT TO panlong_app WITH CHECK (EXISTS (SELECT FROM cases c WHERE c.id = case_id));
GRANT SELECT, INSERT ON case_remarks TO panlong_app;
ALTER TABLE case_attachments ENABLE ROW LEVEL SECURITY;
CREATE POLICY case_attachments_seen ON case_attachments FOR SELECT TO panlong_app USING (
    EXISTS (SELECT FROM cases c WHERE c.id = case_id) AND confided(case_id));
-- A file is seen through what it is attached to, so the policy asks about it past the wall.
CREATE FUNCTION own_file(of_file integer) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN EXISTS (SELECT FROM files WHERE id = of_file AND created_by = acting_account());
REVOKE EXECUTE ON FUNCTION own_file(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION own_file(integer) TO panlong_app;
CREATE POLICY case_attachments_made ON case_attachments FOR INSERT TO panlong_app WITH CHECK (
    EXISTS (SELECT FROM cases c WHERE c.id = case_id) AND own_file(file_id));
GRANT SELECT, INSERT ON case_attachments TO panlong_app;
-- File by file, by the index: a list of all attachments would be made for each look.
CREATE POLICY files_of_cases ON files FOR SELECT TO panlong_app USING (EXISTS (SELECT FROM case_attachments a WHERE a.file_id = files.id));
ALTER TABLE case_links ENABLE ROW LEVEL SECURITY;
CREATE POLICY case_links_seen ON case_links FOR SELECT TO panlong_app USING (
    EXISTS (SELECT FROM cases c WHERE c.id = case_id) AND EXISTS (SELECT FROM cases c WHERE c.id = other_id));
CREATE POLICY case_links_made ON case_links FOR INSERT TO panlong_app WITH CHECK (
    EXISTS (SELECT FROM cases c WHERE c.id = case_id) AND EXISTS (SELECT FROM cases c WHERE c.id = other_id));
GRANT SELECT, INSERT ON case_links TO panlong_app;
ALTER TABLE case_contacts ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION answers_callers() RETURNS boolean LANGUAGE sql STABLE
RETURN acting_roles() && ARRAY['community_desk', 'subcentre_operator', 'subcentre_head', 'acceptor', 'dispatcher', 'duty_officer'];
CREATE POLICY case_contacts_seen ON case_contacts FOR SELECT TO panlong_app USING (
    (SELECT answers_callers()) AND EXISTS (SELECT FROM cases c WHERE c.id = case_id));
CREATE POLICY case_contacts_made ON case_contacts FOR INSERT TO panlong_app WITH CHECK (
    EXISTS (SELECT FROM cases c WHERE c.id = case_id AND c.reporter_id = (SELECT acting_account())));
GRANT SELECT, INSERT ON case_contacts TO panlong_app;
ALTER TABLE case_report_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY case_report_keys_own ON case_report_keys FOR SELECT TO panlong_app USING (account_id = (SELECT acting_account()));
CREATE POLICY case_report_keys_made ON case_report_keys FOR INSERT TO panlong_app WITH CHECK (account_id = (SELECT acting_account()));
GRANT SELECT, INSERT ON case_report_keys TO panlong_app;
