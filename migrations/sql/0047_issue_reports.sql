-- 报表定义: of which sections a report of a name is made. Each change is a version of its own; the last one of a code holds.
CREATE TABLE report_definitions (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    code text NOT NULL CHECK (code ~ '^[a-z][a-z0-9_]{0,39}$'),
    version integer NOT NULL CHECK (version > 0),
    kind text NOT NULL,
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 120),
    title_en text CHECK (length(title_en) BETWEEN 1 AND 120),
    sections text[] NOT NULL CHECK (cardinality(sections) > 0),
    formats text[] NOT NULL CHECK (cardinality(formats) > 0),
    retired boolean NOT NULL DEFAULT false,
    made_by integer REFERENCES accounts,
    made_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (district_id, code, version)
);

-- 定时报表: made anew for each period as soon as it is over, with the eyes of whoever set it up.
CREATE TABLE report_schedules (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    client_id uuid NOT NULL UNIQUE,
    account_id integer NOT NULL REFERENCES accounts,
    definition text NOT NULL,
    scope text NOT NULL,
    formats text[] NOT NULL CHECK (cardinality(formats) > 0),
    locale text NOT NULL,
    base_url text NOT NULL DEFAULT '',
    at_minute integer NOT NULL CHECK (at_minute BETWEEN 0 AND 1439), -- of the day in the district's zone
    next_on date NOT NULL, -- the day on which it is made next
    problem jsonb, -- why it could not be the last time
    stopped_at timestamptz,
    made_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_report_schedules_next_on ON report_schedules (next_on) WHERE stopped_at IS NULL;

-- One run of a report: by which definition, about what, of when, as known when; and how far it has come.
CREATE TABLE report_runs (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    client_id uuid NOT NULL UNIQUE,
    account_id integer REFERENCES accounts, -- with whose eyes; none from the command line of the server
    schedule_id integer REFERENCES report_schedules ON DELETE SET NULL,
    definition text NOT NULL,
    version integer NOT NULL,
    kind text NOT NULL,
    sections text[] NOT NULL,
    title text NOT NULL,
    scope text NOT NULL, -- as it was asked for: code of an area or a unit, number of a case, id of a place, question of a selection
    scope_name text NOT NULL,
    area_no bigint REFERENCES area_numbers ON UPDATE CASCADE, -- the area that it is about, where that is one
    unit_id integer REFERENCES units,
    since_on date NOT NULL,
    until_on date NOT NULL,
    known_at timestamptz NOT NULL,
    base_url text NOT NULL DEFAULT '', -- where people reach the platform, for codes on paper
    locale text NOT NULL,
    formats text[] NOT NULL CHECK (cardinality(formats) > 0),
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'making', 'done', 'failed', 'cancelled')),
    queued boolean NOT NULL DEFAULT false,
    cancelling boolean NOT NULL DEFAULT false, -- somebody wants it no longer, and it is being made
    part real NOT NULL DEFAULT 0 CHECK (part BETWEEN 0 AND 1),
    doing text, -- the section or the format that is worked on
    problem jsonb,
    fingerprint text, -- of a sign: another one as soon as what it says is not so any more
    failed text[] NOT NULL DEFAULT '{}', -- sections that could not be made
    edition integer NOT NULL DEFAULT 0, -- the one that stands
    asked_at timestamptz NOT NULL DEFAULT now(),
    done_at timestamptz,
    circulated_by integer REFERENCES accounts,
    circulated_name text,
    circulated_at timestamptz,
    issued_by integer REFERENCES accounts,
    issued_name text,
    issued_at timestamptz,
    issue_remark text CHECK (length(issue_remark) BETWEEN 1 AND 500), -- why it is issued though somebody objects
    rewording jsonb, -- words that the next edition is to have; beside them why it could not be written
    rewording_queued boolean NOT NULL DEFAULT false,
    CHECK (since_on <= until_on),
    CONSTRAINT report_runs_issued CHECK (issued_at IS NULL OR state = 'done')
);
CREATE INDEX ix_report_runs_asked ON report_runs (id) WHERE state = 'waiting' AND NOT queued;
CREATE INDEX ix_report_runs_rewording ON report_runs (id) WHERE rewording IS NOT NULL AND NOT rewording_queued;
CREATE INDEX ix_report_runs_account_id ON report_runs (account_id, id);
CREATE INDEX ix_report_runs_area_no ON report_runs (area_no, id) WHERE circulated_at IS NOT NULL;

-- What a run says: as it was made, edition 0, and as it was edited since. All are kept.
CREATE TABLE report_editions (
    run_id integer NOT NULL REFERENCES report_runs ON DELETE CASCADE,
    no integer NOT NULL CHECK (no >= 0),
    digest bytea NOT NULL CHECK (length(digest) = 32),
    counts jsonb NOT NULL,
    words jsonb NOT NULL DEFAULT '[]', -- what was edited: section, paragraph, text
    made_by integer REFERENCES accounts,
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (run_id, no)
);
-- The documents that an edition is made of, compressed; an atlas has one for each sheet.
CREATE TABLE report_documents (
    run_id integer NOT NULL,
    edition integer NOT NULL,
    no integer NOT NULL CHECK (no >= 0),
    content bytea NOT NULL,
    PRIMARY KEY (run_id, edition, no),
    FOREIGN KEY (run_id, edition) REFERENCES report_editions ON DELETE CASCADE
);
ALTER TABLE report_documents ALTER content SET STORAGE EXTERNAL; -- it is compressed already
CREATE TABLE report_files (
    run_id integer NOT NULL,
    edition integer NOT NULL,
    name text NOT NULL,
    format text NOT NULL,
    size_bytes bigint NOT NULL CHECK (size_bytes > 0),
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    PRIMARY KEY (run_id, edition, name),
    FOREIGN KEY (run_id, edition) REFERENCES report_editions ON DELETE CASCADE
);
CREATE INDEX ix_report_files_sha256 ON report_files (sha256);
-- 会签: who has read an edition, and what they say of it.
CREATE TABLE report_signatures (
    run_id integer NOT NULL,
    edition integer NOT NULL,
    account_id integer NOT NULL REFERENCES accounts,
    name text NOT NULL,
    agreed boolean NOT NULL,
    remark text CHECK (length(remark) BETWEEN 1 AND 500),
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (run_id, edition, account_id),
    FOREIGN KEY (run_id, edition) REFERENCES report_editions ON DELETE CASCADE,
    CONSTRAINT report_signatures_reasoned CHECK (agreed OR remark IS NOT NULL)
);

CREATE FUNCTION keeps_reports() RETURNS boolean LANGUAGE sql STABLE
RETURN acting_roles() && ARRAY['duty_officer', 'evaluator', 'sys_admin'];
CREATE FUNCTION issues_reports() RETURNS boolean LANGUAGE sql STABLE
RETURN acting_roles() && ARRAY['duty_officer', 'subcentre_head', 'leader'];

-- Who signs signs for themselves. What was issued stays as it is; what a report says is changed by nobody but who asked for it.
CREATE FUNCTION sign_report_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF acting_account() IS NULL THEN
        RETURN NEW;
    END IF;
    IF OLD.issued_at IS NOT NULL
        OR NEW.circulated_by IS DISTINCT FROM OLD.circulated_by AND NEW.circulated_by <> acting_account()
        OR NEW.issued_by IS DISTINCT FROM OLD.issued_by AND (NEW.issued_by <> acting_account() OR NOT issues_reports())
        OR OLD.account_id IS DISTINCT FROM acting_account() AND (NEW.rewording, NEW.state, NEW.cancelling, NEW.circulated_by)
            IS DISTINCT FROM (OLD.rewording, OLD.state, OLD.cancelling, OLD.circulated_by) THEN
        RAISE EXCEPTION 'a report is signed by who acts' USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'report_runs_signed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER report_runs_signed BEFORE UPDATE ON report_runs FOR EACH ROW EXECUTE FUNCTION sign_report_run();

ALTER TABLE report_definitions ENABLE ROW LEVEL SECURITY;
CREATE POLICY report_definitions_read ON report_definitions FOR SELECT TO panlong_app USING (true);
CREATE POLICY report_definitions_made ON report_definitions FOR INSERT TO panlong_app
    WITH CHECK ((SELECT keeps_reports()) AND made_by = (SELECT acting_account()));
ALTER TABLE report_schedules ENABLE ROW LEVEL SECURITY;
CREATE POLICY report_schedules_own ON report_schedules TO panlong_app USING (account_id = (SELECT acting_account()));
-- A run is its asker's until it is circulated or issued; then it is seen by whoever answers for all of the area that it is about, or for the unit.
ALTER TABLE report_runs ENABLE ROW LEVEL SECURITY;
CREATE POLICY report_runs_seen ON report_runs FOR SELECT TO panlong_app USING (account_id = (SELECT acting_account())
    OR circulated_at IS NOT NULL AND (CASE WHEN unit_id IS NULL THEN area_no <@ (SELECT territory())
        ELSE unit_id = ANY ((SELECT acting_units())::integer[]) OR (SELECT whole_territory()) END));
CREATE POLICY report_runs_asked ON report_runs FOR INSERT TO panlong_app WITH CHECK (account_id = (SELECT acting_account())
    AND state = 'waiting' AND circulated_at IS NULL AND issued_at IS NULL AND rewording IS NULL);
CREATE POLICY report_runs_changed ON report_runs FOR UPDATE TO panlong_app USING (account_id = (SELECT acting_account())
    OR circulated_at IS NOT NULL AND (SELECT issues_reports()) AND (CASE WHEN unit_id IS NULL THEN area_no <@ (SELECT territory())
        ELSE unit_id = ANY ((SELECT acting_units())::integer[]) OR (SELECT whole_territory()) END));
ALTER TABLE report_editions ENABLE ROW LEVEL SECURITY;
CREATE POLICY report_editions_seen ON report_editions TO panlong_app USING (EXISTS (SELECT FROM report_runs r WHERE r.id = run_id));
ALTER TABLE report_documents ENABLE ROW LEVEL SECURITY;
CREATE POLICY report_documents_seen ON report_documents TO panlong_app USING (EXISTS (SELECT FROM report_runs r WHERE r.id = run_id));
ALTER TABLE report_files ENABLE ROW LEVEL SECURITY;
CREATE POLICY report_files_seen ON report_files TO panlong_app USING (EXISTS (SELECT FROM report_runs r WHERE r.id = run_id));
ALTER TABLE report_signatures ENABLE ROW LEVEL SECURITY;
CREATE POLICY report_signatures_seen ON report_signatures FOR SELECT TO panlong_app USING (EXISTS (SELECT FROM report_runs r WHERE r.id = run_id));
CREATE POLICY report_signatures_own ON report_signatures FOR INSERT TO panlong_app WITH CHECK (account_id = (SELECT acting_account())
    AND EXISTS (SELECT FROM report_runs r WHERE r.id = run_id AND r.edition = report_signatures.edition AND r.circulated_at IS NOT NULL
        AND r.issued_at IS NULL AND r.account_id IS DISTINCT FROM (SELECT acting_account())));
GRANT SELECT, INSERT ON report_definitions, report_signatures TO panlong_app;
GRANT SELECT, INSERT, UPDATE (stopped_at) ON report_schedules TO panlong_app;
GRANT SELECT, INSERT, UPDATE (cancelling, state, circulated_by, circulated_name, circulated_at, issued_by, issued_name, issued_at,
    issue_remark, rewording, rewording_queued) ON report_runs TO panlong_app;
GRANT SELECT ON report_editions, report_documents, report_files TO panlong_app; -- written by the worker alone

-- 消息 tell of a report, too.
ALTER TABLE notices DROP CONSTRAINT notices_of_one, ADD report_run_id integer REFERENCES report_runs ON DELETE CASCADE,
    ADD CONSTRAINT notices_of_one CHECK (num_nonnulls(case_id, proposal_id, report_run_id) = 1);
CREATE UNIQUE INDEX notices_report_once ON notices (account_id, report_run_id, version, kind) WHERE report_run_id IS NOT NULL;

-- What was done with a report is told to those who can issue it there, or to whoever asked for it, circulated it or signed any edition of it; not
-- to who did it.
CREATE FUNCTION tell_of_report(of_run integer, what text, to_issuers boolean, by_account integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE r report_runs; many bigint;
BEGIN
    SELECT * INTO r FROM report_runs WHERE id = of_run AND (acting_account() IS NULL OR account_id = acting_account()
        OR circulated_at IS NOT NULL AND CASE WHEN unit_id IS NULL THEN area_no <@ territory() ELSE unit_id = ANY (acting_units()) OR whole_territory() END);
    INSERT INTO notices (account_id, kind, report_run_id, version, facts, at)
    SELECT DISTINCT w.account_id, what, r.id, r.edition, jsonb_build_object('title', r.title), now()
    FROM (SELECT unnest(ARRAY[r.account_id, r.circulated_by]) AS account_id WHERE NOT to_issuers
        UNION ALL SELECT g.account_id FROM report_signatures g WHERE g.run_id = r.id AND (NOT to_issuers OR g.edition < r.edition)
        UNION ALL SELECT s.account_id FROM posts o JOIN post_holders h ON h.post_id = o.id JOIN staff_members s ON s.id = h.staff_id
            WHERE to_issuers AND o.role IN ('duty_officer', 'subcentre_head', 'leader') AND s.district_id = r.district_id
                AND daterange(h.from_on, h.until_on) @> district_today(r.district_id)
                AND (o.unit_id = r.unit_id OR EXISTS (SELECT FROM post_areas a JOIN area_numbers n ON n.no = a.area_no WHERE a.post_id = o.id
                    AND CASE WHEN r.unit_id IS NULL THEN r.area_no BETWEEN n.no AND n.last_no ELSE n.parent_no IS NULL END))) w
    JOIN accounts c ON c.id = w.account_id AND c.state = 'active'
    WHERE r.id IS NOT NULL AND w.account_id IS DISTINCT FROM by_account ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS many = ROW_COUNT;
    RETURN many;
END $$;
REVOKE EXECUTE ON FUNCTION tell_of_report(integer, text, boolean, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tell_of_report(integer, text, boolean, integer) TO panlong_app;
