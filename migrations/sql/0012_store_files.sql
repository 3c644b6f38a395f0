-- What was taken in. A row is one taking in, so that what one person's camera said is not told to another who happens to
-- attach the same picture; the content lies outside, once, under its hash.
CREATE TABLE files (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sha256 bytea NOT NULL CHECK (length(sha256) = 32), -- of the cleaned bytes
    kind text NOT NULL CHECK (kind IN ('jpeg', 'png', 'webp', 'mp4')),
    size_bytes integer NOT NULL CHECK (size_bytes > 0),
    width integer NOT NULL CHECK (width > 0),
    height integer NOT NULL CHECK (height > 0),
    duration_s double precision CHECK (duration_s >= 0),
    taken_at timestamptz,
    taken_at_assumed boolean NOT NULL DEFAULT false, -- the file left its zone open
    lon double precision CHECK (lon BETWEEN -180 AND 180),
    lat double precision CHECK (lat BETWEEN -90 AND 90),
    altitude_m double precision,
    dop double precision,
    accuracy_m double precision,
    original_sha256 bytea NOT NULL CHECK (length(original_sha256) = 32), -- of what was sent, which is not kept
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by integer REFERENCES accounts ON DELETE SET NULL,
    CONSTRAINT files_duration CHECK ((duration_s IS NOT NULL) = (kind = 'mp4')),
    CONSTRAINT files_position CHECK ((lon IS NULL) = (lat IS NULL)),
    CONSTRAINT files_time CHECK (taken_at IS NOT NULL OR NOT taken_at_assumed)
);
CREATE INDEX ix_files_sha256 ON files (sha256);
CREATE INDEX ix_files_created_by ON files (created_by, created_at);

-- Who has just taken something in may look at it before it is attached. Everybody else sees a file through what it is
-- attached to: that policy comes with the attachments of cases.
CREATE POLICY files_taken_in ON files FOR INSERT TO panlong_app WITH CHECK (created_by = (SELECT acting_account()));
CREATE POLICY files_own ON files FOR SELECT TO panlong_app USING (
    created_by = (SELECT acting_account()) AND created_at > now() - interval '1 day');
ALTER TABLE files ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON files TO panlong_app;
-- Not the hour: nobody keeps their own file in sight by dating it into the future.
GRANT INSERT (sha256, kind, size_bytes, width, height, duration_s, taken_at, taken_at_assumed, lon, lat, altitude_m, dop, accuracy_m,
    original_sha256, created_by) ON files TO panlong_app;
