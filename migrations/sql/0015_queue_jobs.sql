-- Jobs: procrastinate's tables lie in the schema `jobs` (the migration takes their SQL from the installed package). Nobody but
-- the owner comes near them.
CREATE SCHEMA jobs;
REVOKE ALL ON SCHEMA jobs FROM PUBLIC;
SET LOCAL search_path = jobs;
-- procrastinate --
SET LOCAL search_path TO DEFAULT;

-- Its functions are called from transactions that look into `public`.
DO $$
DECLARE made regprocedure;
BEGIN
    FOR made IN SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'jobs'::regnamespace LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = jobs, pg_temp', made);
    END LOOP;
END $$;
-- A NOTIFY puts commits into a queue, one by one; workers look for themselves.
ALTER TABLE jobs.procrastinate_jobs DISABLE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1;
ALTER TABLE jobs.procrastinate_jobs DISABLE TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1;

-- How far a job has come that goes on where it ended.
CREATE TABLE job_marks (
    name text PRIMARY KEY,
    mark text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);

-- 提醒: an instant of a case's clock that has come, noted once; whoever has to know is told from here.
CREATE TABLE case_alarms (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id bigint NOT NULL,
    version integer NOT NULL, -- of the case, when it was noted
    kind text NOT NULL CHECK (kind IN ('near_due', 'due', 'late', 'severe', 'returned_twice')),
    stage text NOT NULL, -- whose clock it was
    at timestamptz NOT NULL, -- the instant that came
    told text NOT NULL CHECK (told IN ('holder', 'head', 'deputy', 'leader')), -- up to whom it concerns
    loop text NOT NULL,
    unit_id integer,
    area_no bigint NOT NULL,
    raised_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    UNIQUE (case_id, kind, stage, at)
);
CREATE INDEX ix_case_alarms_xid ON case_alarms (xid);
ALTER TABLE case_alarms ENABLE ROW LEVEL SECURITY;
CREATE POLICY case_alarms_seen ON case_alarms FOR SELECT TO panlong_app USING (EXISTS (SELECT FROM cases c WHERE c.id = case_id));
GRANT SELECT ON case_alarms TO panlong_app;

-- Seals: the last rows of the cases that moved, chained across cases, so that a case's whole log cannot be written anew.
CREATE TABLE case_seals (
    no bigint PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    case_ids bigint[] NOT NULL,
    versions integer[] NOT NULL,
    heads bytea NOT NULL, -- their hashes, 32 bytes each
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    CHECK (cardinality(case_ids) > 0 AND cardinality(versions) = cardinality(case_ids) AND length(heads) = 32 * cardinality(case_ids))
);
CREATE FUNCTION seal_hash(s case_seals) RETURNS bytea LANGUAGE sql IMMUTABLE
RETURN sha256(s.previous || convert_to(jsonb_build_array(s.no, (extract(epoch FROM s.at) * 1000000)::bigint, to_jsonb(s.case_ids),
    to_jsonb(s.versions))::text, 'UTF8') || s.heads);
CREATE FUNCTION chain_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(530105);
    SELECT s.no + 1, s.hash INTO NEW.no, NEW.previous FROM case_seals s ORDER BY s.no DESC LIMIT 1;
    IF NOT FOUND THEN
        NEW.no := 1;
        NEW.previous := sha256('seals');
    END IF;
    NEW.hash := seal_hash(NEW);
    RETURN NEW;
END $$;
CREATE TRIGGER case_seals_chain BEFORE INSERT ON case_seals FOR EACH ROW EXECUTE FUNCTION chain_seal();
CREATE FUNCTION keep_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'seals are only added' USING ERRCODE = 'check_violation', CONSTRAINT = 'case_seals_kept';
END $$;
CREATE TRIGGER case_seals_kept BEFORE UPDATE OR DELETE ON case_seals FOR EACH ROW EXECUTE FUNCTION keep_seal();
CREATE TRIGGER case_seals_not_emptied BEFORE TRUNCATE ON case_seals EXECUTE FUNCTION keep_seal();
