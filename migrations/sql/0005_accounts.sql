-- Accounts: who may sign in, by what, and for how long.

-- One row: what the security administrator sets.
CREATE TABLE security_policies (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    password_length integer NOT NULL DEFAULT 10 CHECK (password_length BETWEEN 8 AND 64),
    password_classes integer NOT NULL DEFAULT 3 CHECK (password_classes BETWEEN 1 AND 4),
    password_history integer NOT NULL DEFAULT 5 CHECK (password_history BETWEEN 0 AND 24),
    password_days integer NOT NULL DEFAULT 180 CHECK (password_days BETWEEN 1 AND 3650),
    account_failures integer NOT NULL DEFAULT 5 CHECK (account_failures BETWEEN 3 AND 20),
    address_failures integer NOT NULL DEFAULT 20 CHECK (address_failures BETWEEN 5 AND 1000),
    lock_minutes integer NOT NULL DEFAULT 30 CHECK (lock_minutes BETWEEN 1 AND 1440),
    idle_minutes integer NOT NULL DEFAULT 30 CHECK (idle_minutes BETWEEN 5 AND 240),
    session_hours integer NOT NULL DEFAULT 12 CHECK (session_hours BETWEEN 1 AND 24)
);
INSERT INTO security_policies DEFAULT VALUES;

CREATE TABLE accounts (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    username text NOT NULL CHECK (username ~ '^[a-z0-9][a-z0-9._-]{1,62}$'),
    name text NOT NULL CHECK (name <> ''),
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'disabled')),
    kind text NOT NULL DEFAULT 'person' CHECK (kind IN ('person', 'kiosk')),
    password_hash text, -- none: signs in by an identity provider or a kiosk's code alone
    password_changed_at timestamptz,
    must_change boolean NOT NULL DEFAULT false,
    totp_secret bytea, -- encrypted with the instance's key
    totp_confirmed_at timestamptz,
    totp_last_step bigint, -- a code is good once
    locale text CHECK (locale IN ('zh_CN', 'en')),
    simulated boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT accounts_username_unique UNIQUE (username)
);

CREATE TABLE password_history (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id integer NOT NULL REFERENCES accounts ON DELETE CASCADE,
    password_hash text NOT NULL,
    set_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_password_history_account_id ON password_history (account_id);

CREATE TABLE recovery_codes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id integer NOT NULL REFERENCES accounts ON DELETE CASCADE,
    code_hash bytea NOT NULL,
    used_at timestamptz
);
CREATE INDEX ix_recovery_codes_account_id ON recovery_codes (account_id);

CREATE TABLE account_identities (
    issuer text NOT NULL,
    subject text NOT NULL,
    account_id integer NOT NULL REFERENCES accounts ON DELETE CASCADE,
    linked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX ix_account_identities_account_id ON account_identities (account_id);

-- Of a session only the hash of its token is kept: who reads this table cannot take one over.
CREATE TABLE sessions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE,
    account_id integer NOT NULL REFERENCES accounts ON DELETE CASCADE,
    second_factor boolean NOT NULL DEFAULT false,
    address inet,
    agent text,
    created_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    end_reason text
);
CREATE INDEX ix_sessions_account_id ON sessions (account_id) WHERE ended_at IS NULL;

-- A failed sign-in, whether or not there is such an account. A lock is nothing but the recent rows of a name or an address.
CREATE TABLE sign_in_failures (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    username text NOT NULL,
    address inet NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    forgiven_at timestamptz
);
CREATE INDEX ix_sign_in_failures_username ON sign_in_failures (username, at) WHERE forgiven_at IS NULL;
CREATE INDEX ix_sign_in_failures_address ON sign_in_failures (address, at) WHERE forgiven_at IS NULL;

CREATE TABLE api_tokens (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id integer NOT NULL REFERENCES accounts ON DELETE CASCADE,
    name text NOT NULL CHECK (name <> ''),
    token_hash bytea NOT NULL UNIQUE,
    scopes text[] NOT NULL CHECK (cardinality(scopes) > 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    revoked_at timestamptz
);
CREATE INDEX ix_api_tokens_account_id ON api_tokens (account_id);

-- A code that turns a machine into the wall's: good once, for a short time.
CREATE TABLE kiosk_codes (
    code_hash bytea PRIMARY KEY,
    account_id integer NOT NULL REFERENCES accounts ON DELETE CASCADE,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX ix_kiosk_codes_account_id ON kiosk_codes (account_id);
