-- Who did what, and who looked at what: written once, never changed, every row chained to the one before it by its hash.

CREATE TABLE access_log (
    no bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    account_id integer, -- no foreign key: an account may be erased, what it did may not
    account_name text,
    action text NOT NULL CHECK (action <> ''),
    outcome text NOT NULL CHECK (outcome IN ('done', 'refused')),
    subject_kind text,
    subject_id text,
    address inet,
    facts jsonb NOT NULL DEFAULT '{}',
    previous bytea NOT NULL,
    hash bytea NOT NULL
);
CREATE INDEX ix_access_log_at ON access_log (at);
CREATE INDEX ix_access_log_account_id ON access_log (account_id, no);

-- The end of the chain. Its row is the lock under which a row is added, and gives away a log whose end was cut off.
CREATE TABLE access_log_end (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    no bigint NOT NULL,
    hash bytea NOT NULL
);
INSERT INTO access_log_end (no, hash) VALUES (0, '');

-- All that a row says, its number included, as one text: times in UTC to the microsecond, whatever the reader's settings.
CREATE FUNCTION access_log_text(entry access_log) RETURNS text LANGUAGE sql STABLE SET timezone = 'UTC'
RETURN jsonb_build_array(entry.no, to_char(entry.at, 'YYYY-MM-DD HH24:MI:SS.US'), entry.account_id, entry.account_name, entry.action,
    entry.outcome, entry.subject_kind, entry.subject_id, host(entry.address), entry.facts)::text;

CREATE FUNCTION access_log_hash(entry access_log) RETURNS bytea LANGUAGE sql STABLE
RETURN sha256(entry.previous || convert_to(access_log_text(entry), 'UTF8'));

CREATE FUNCTION chain_access_log() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE last access_log_end;
BEGIN
    SELECT * INTO last FROM access_log_end FOR UPDATE;
    NEW.no := last.no + 1;
    NEW.at := clock_timestamp();
    NEW.previous := last.hash;
    NEW.hash := access_log_hash(NEW);
    UPDATE access_log_end SET no = NEW.no, hash = NEW.hash;
    RETURN NEW;
END $$;
CREATE TRIGGER access_log_chain BEFORE INSERT ON access_log FOR EACH ROW EXECUTE FUNCTION chain_access_log();

CREATE FUNCTION keep_access_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the access log is only ever added to' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER access_log_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON access_log EXECUTE FUNCTION keep_access_log();
