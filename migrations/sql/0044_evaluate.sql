-- 考核评价: the log is asked by time; schemes, periods from open to frozen, objections and corrections are kept.

-- A row is written when it happens, so that time goes with place in the table: a few bytes for each hundred kilobytes tell where to look.
CREATE INDEX ix_case_transitions_at ON case_transitions USING brin (at, recorded_at) WITH (pages_per_range = 16, autosummarize = on);
-- Cases that ended after an instant, which are those that stood open then.
CREATE INDEX ix_cases_closed_at ON cases (closed_at) WHERE closed_at IS NOT NULL;

-- Cases that moved in a period within an interval of areas, or of whose time up to its end something was written down after an instant:
-- behind the wall, so that only they are looked up, by their key, and not the wall asked of all cases first.
CREATE FUNCTION cases_moved(since timestamptz, until timestamptz, known timestamptz, first_no bigint, final_no bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER ROWS 5000 SET search_path = public, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $f$
    SELECT m.case_id FROM (
        SELECT t.case_id FROM case_transitions t
        WHERE t.at >= since AND t.at < until AND t.recorded_at <= known AND t.area_no BETWEEN first_no AND final_no
        UNION SELECT t.case_id FROM case_transitions t
        WHERE t.at < until AND t.recorded_at > known AND t.area_no BETWEEN first_no AND final_no
    ) m
    WHERE (SELECT whole_territory()) OR EXISTS (SELECT FROM cases c WHERE c.id = m.case_id AND (
        c.area_no <@ (SELECT territory()) OR c.unit_id = ANY ((SELECT acting_units())::integer[]) OR c.handler_id = (SELECT acting_account())
        OR c.reporter_id = (SELECT acting_account()) OR c.co_unit_ids && (SELECT acting_units())::integer[]))
$f$;
REVOKE EXECUTE ON FUNCTION cases_moved(timestamptz, timestamptz, timestamptz, bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cases_moved(timestamptz, timestamptz, timestamptz, bigint, bigint) TO panlong_app;

CREATE FUNCTION evaluates() RETURNS boolean LANGUAGE sql STABLE
RETURN acting_roles() && ARRAY['evaluator', 'duty_officer'];
CREATE FUNCTION objects_to_evaluation() RETURNS boolean LANGUAGE sql STABLE
RETURN acting_roles() && ARRAY['subcentre_head', 'unit_dispatcher'];

-- 评分方案: each row is an edition of a scheme and never changed; the last one of a code holds. Of a code without a row the file holds.
CREATE TABLE evaluation_schemes (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    code text NOT NULL CHECK (code ~ '^[a-z][a-z0-9_]{0,39}$'),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    name_en text CHECK (length(name_en) BETWEEN 1 AND 120),
    of text NOT NULL CHECK (of IN ('area', 'unit', 'post')),
    weights jsonb NOT NULL,
    note text CHECK (length(note) BETWEEN 1 AND 300),
    made_by integer NOT NULL REFERENCES accounts,
    made_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_evaluation_schemes_code ON evaluation_schemes (district_id, code, id);

CREATE TABLE evaluation_periods (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    first_on date NOT NULL,
    last_on date NOT NULL,
    opened_by integer NOT NULL REFERENCES accounts,
    opened_at timestamptz NOT NULL DEFAULT now(),
    since_at timestamptz, -- as the days began and ended in the district when it was published
    until_at timestamptz,
    known_at timestamptz, -- as far as the log was written
    schemes jsonb,
    object_until_on date,
    published_by integer REFERENCES accounts,
    published_at timestamptz,
    frozen_by integer REFERENCES accounts,
    frozen_at timestamptz,
    sha256 bytea CHECK (length(sha256) = 32),
    CONSTRAINT evaluation_periods_days CHECK (last_on BETWEEN first_on AND first_on + 399),
    CONSTRAINT evaluation_periods_published
        CHECK (num_nulls(since_at, until_at, known_at, schemes, object_until_on, published_by, published_at) IN (0, 7)),
    CONSTRAINT evaluation_periods_frozen CHECK (num_nulls(frozen_by, frozen_at, sha256) IN (0, 3) AND (frozen_at IS NULL OR published_at IS NOT NULL)),
    CONSTRAINT evaluation_periods_once EXCLUDE USING gist (district_id WITH =, daterange(first_on, last_on, '[]') WITH &&)
);

-- What was published: the counts of each object, its score and its place. Never of a person.
CREATE TABLE evaluation_figures (
    period_id integer NOT NULL REFERENCES evaluation_periods ON DELETE CASCADE,
    of text NOT NULL CHECK (of IN ('district', 'area', 'unit')),
    key text NOT NULL,
    area_no bigint, -- whose it is: of an area
    unit_id integer, -- of a unit
    counts jsonb NOT NULL,
    score numeric(7, 2),
    place integer CHECK (place > 0),
    PRIMARY KEY (period_id, of, key)
);
-- 更正: what became known of an earlier, frozen period after it was published; it stands in the period that was published next.
CREATE TABLE evaluation_corrections (
    period_id integer NOT NULL REFERENCES evaluation_periods ON DELETE CASCADE,
    of_period_id integer NOT NULL REFERENCES evaluation_periods ON DELETE CASCADE,
    of text NOT NULL CHECK (of IN ('district', 'area', 'unit')),
    key text NOT NULL,
    name text NOT NULL,
    area_no bigint,
    unit_id integer,
    was integer NOT NULL,
    now_is integer NOT NULL,
    added bigint[] NOT NULL, -- cases that count now and did not
    removed bigint[] NOT NULL,
    PRIMARY KEY (period_id, of_period_id, of, key, name)
);
CREATE INDEX ix_evaluation_corrections_of_period_id ON evaluation_corrections (of_period_id);
-- 异议: against what was published of an object, until a day; each is answered before the period is frozen.
CREATE TABLE evaluation_objections (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    period_id integer NOT NULL REFERENCES evaluation_periods ON DELETE CASCADE,
    of text NOT NULL,
    key text NOT NULL,
    client_id uuid NOT NULL UNIQUE,
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
    filed_by integer NOT NULL REFERENCES accounts,
    filed_at timestamptz NOT NULL DEFAULT now(),
    upheld boolean,
    answer text CHECK (length(answer) BETWEEN 1 AND 2000),
    answered_by integer REFERENCES accounts,
    answered_at timestamptz,
    CONSTRAINT evaluation_objections_answer CHECK (num_nulls(upheld, answer, answered_by, answered_at) IN (0, 4))
);
CREATE INDEX ix_evaluation_objections_period_id ON evaluation_objections (period_id, id);

-- What is frozen stays, whoever asks; a scheme and an answer are written once.
CREATE FUNCTION keep_period() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.frozen_at IS NULL THEN RETURN NEW; END IF;
    IF TG_OP = 'DELETE' AND OLD.published_at IS NULL THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'a frozen period is not changed' USING ERRCODE = 'check_violation', CONSTRAINT = 'evaluation_periods_kept';
END $$;
CREATE TRIGGER evaluation_periods_kept BEFORE UPDATE OR DELETE ON evaluation_periods FOR EACH ROW EXECUTE FUNCTION keep_period();
CREATE FUNCTION keep_of_period() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE at timestamptz;
BEGIN
    -- Held while it is written: a freeze waits, or is seen.
    SELECT frozen_at INTO at FROM evaluation_periods WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.period_id ELSE NEW.period_id END FOR SHARE;
    IF at IS NOT NULL OR TG_OP = 'UPDATE' AND OLD.period_id <> NEW.period_id THEN
        RAISE EXCEPTION 'a frozen period is not changed' USING ERRCODE = 'check_violation', CONSTRAINT = 'evaluation_periods_kept';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER evaluation_figures_kept BEFORE INSERT OR UPDATE OR DELETE ON evaluation_figures FOR EACH ROW EXECUTE FUNCTION keep_of_period();
CREATE TRIGGER evaluation_corrections_kept BEFORE INSERT OR UPDATE OR DELETE ON evaluation_corrections FOR EACH ROW EXECUTE FUNCTION keep_of_period();
CREATE TRIGGER evaluation_objections_kept BEFORE INSERT OR UPDATE OR DELETE ON evaluation_objections FOR EACH ROW EXECUTE FUNCTION keep_of_period();
CREATE FUNCTION keep_scheme() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'editions of schemes are only added' USING ERRCODE = 'check_violation', CONSTRAINT = 'evaluation_schemes_kept';
END $$;
CREATE TRIGGER evaluation_schemes_kept BEFORE UPDATE ON evaluation_schemes FOR EACH ROW EXECUTE FUNCTION keep_scheme();

-- The days of a period and by what it is scored are no secret; figures are seen where their object is: in the territory, or of one's unit.
ALTER TABLE evaluation_schemes ENABLE ROW LEVEL SECURITY;
CREATE POLICY evaluation_schemes_seen ON evaluation_schemes FOR SELECT TO panlong_app USING (true);
CREATE POLICY evaluation_schemes_made ON evaluation_schemes FOR INSERT TO panlong_app WITH CHECK (
    (SELECT evaluates()) AND made_by = (SELECT acting_account()));
ALTER TABLE evaluation_periods ENABLE ROW LEVEL SECURITY;
CREATE POLICY evaluation_periods_seen ON evaluation_periods FOR SELECT TO panlong_app USING (true);
CREATE POLICY evaluation_periods_opened ON evaluation_periods FOR INSERT TO panlong_app WITH CHECK (
    (SELECT evaluates()) AND (SELECT whole_territory()) AND opened_by = (SELECT acting_account()) AND published_at IS NULL);
CREATE POLICY evaluation_periods_moved ON evaluation_periods FOR UPDATE TO panlong_app
    USING ((SELECT evaluates()) AND (SELECT whole_territory())) WITH CHECK (true);
ALTER TABLE evaluation_figures ENABLE ROW LEVEL SECURITY;
CREATE POLICY evaluation_figures_seen ON evaluation_figures FOR SELECT TO panlong_app USING (
    (SELECT whole_territory()) OR area_no <@ (SELECT territory()) OR unit_id = ANY ((SELECT acting_units())::integer[]));
CREATE POLICY evaluation_figures_made ON evaluation_figures FOR INSERT TO panlong_app WITH CHECK ((SELECT evaluates()) AND (SELECT whole_territory()));
CREATE POLICY evaluation_figures_anew ON evaluation_figures FOR DELETE TO panlong_app USING ((SELECT evaluates()) AND (SELECT whole_territory()));
ALTER TABLE evaluation_corrections ENABLE ROW LEVEL SECURITY;
CREATE POLICY evaluation_corrections_seen ON evaluation_corrections FOR SELECT TO panlong_app USING (
    (SELECT whole_territory()) OR area_no <@ (SELECT territory()) OR unit_id = ANY ((SELECT acting_units())::integer[]));
CREATE POLICY evaluation_corrections_made ON evaluation_corrections FOR INSERT TO panlong_app
    WITH CHECK ((SELECT evaluates()) AND (SELECT whole_territory()));
CREATE POLICY evaluation_corrections_anew ON evaluation_corrections FOR DELETE TO panlong_app
    USING ((SELECT evaluates()) AND (SELECT whole_territory()));
ALTER TABLE evaluation_objections ENABLE ROW LEVEL SECURITY;
CREATE POLICY evaluation_objections_seen ON evaluation_objections FOR SELECT TO panlong_app USING (EXISTS (
    SELECT FROM evaluation_figures f WHERE (f.period_id, f.of, f.key) = (evaluation_objections.period_id, evaluation_objections.of, evaluation_objections.key)));
CREATE POLICY evaluation_objections_filed ON evaluation_objections FOR INSERT TO panlong_app WITH CHECK (
    (SELECT objects_to_evaluation()) AND filed_by = (SELECT acting_account()) AND answered_at IS NULL AND EXISTS (
        SELECT FROM evaluation_figures f JOIN evaluation_periods p ON p.id = f.period_id
        WHERE (f.period_id, f.of, f.key) = (evaluation_objections.period_id, evaluation_objections.of, evaluation_objections.key)
            AND district_today(p.district_id) <= p.object_until_on));
CREATE POLICY evaluation_objections_answered ON evaluation_objections FOR UPDATE TO panlong_app
    USING ((SELECT evaluates()) AND (SELECT whole_territory()) AND answered_at IS NULL AND filed_by <> (SELECT acting_account()))
    WITH CHECK (answered_by = (SELECT acting_account()));

GRANT SELECT ON evaluation_schemes, evaluation_periods, evaluation_figures, evaluation_corrections TO panlong_app;
GRANT SELECT (id, period_id, of, key, reason, filed_at, upheld, answer, answered_at) ON evaluation_objections TO panlong_app;
GRANT INSERT (district_id, code, name, name_en, of, weights, note, made_by) ON evaluation_schemes TO panlong_app;
GRANT INSERT (district_id, first_on, last_on, opened_by) ON evaluation_periods TO panlong_app;
GRANT UPDATE (since_at, until_at, known_at, schemes, object_until_on, published_by, published_at, frozen_by, frozen_at, sha256)
    ON evaluation_periods TO panlong_app;
GRANT INSERT, DELETE ON evaluation_figures, evaluation_corrections TO panlong_app;
GRANT INSERT (period_id, of, key, client_id, reason, filed_by) ON evaluation_objections TO panlong_app;
GRANT UPDATE (upheld, answer, answered_by, answered_at) ON evaluation_objections TO panlong_app;
