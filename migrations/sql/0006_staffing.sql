-- Who works here: units 单位, their posts 岗位, the people who hold them and when, and the areas that a post answers for.

CREATE TABLE units (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    code text NOT NULL CHECK (code <> ''),
    name text NOT NULL CHECK (name <> ''),
    full_name text,
    name_en text,
    kind text NOT NULL CHECK (kind IN ('command', 'sub_centre', 'party', 'department', 'agency', 'crew', 'utility', 'body', 'territory', 'community')),
    credit_code text CHECK (credit_code ~ '^[0-9A-HJ-NP-RTUW-Y]{18}$'),
    parent_id integer REFERENCES units ON DELETE RESTRICT,
    area_no bigint REFERENCES area_numbers ON UPDATE CASCADE,
    duties text,
    valid_from_on date NOT NULL DEFAULT '2000-01-01',
    valid_to_on date CHECK (valid_to_on > valid_from_on),
    simulated boolean NOT NULL DEFAULT false,
    CONSTRAINT units_code_unique UNIQUE (district_id, code)
);
CREATE INDEX ix_units_parent_id ON units (parent_id);

-- A person at work. Not everybody has an account: a building head may do with a telephone.
CREATE TABLE staff_members (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    code text NOT NULL CHECK (code <> ''),
    name text NOT NULL CHECK (name <> ''),
    phone text,
    account_id integer UNIQUE REFERENCES accounts ON DELETE SET NULL,
    simulated boolean NOT NULL DEFAULT false,
    CONSTRAINT staff_members_code_unique UNIQUE (district_id, code)
);

CREATE TABLE posts (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit_id integer NOT NULL REFERENCES units ON DELETE RESTRICT,
    role text NOT NULL,
    title text NOT NULL CHECK (title <> ''),
    simulated boolean NOT NULL DEFAULT false
);
CREATE INDEX ix_posts_unit_id ON posts (unit_id);

CREATE TABLE post_areas (
    post_id integer NOT NULL REFERENCES posts ON DELETE CASCADE,
    area_no bigint NOT NULL REFERENCES area_numbers ON UPDATE CASCADE,
    PRIMARY KEY (post_id, area_no)
);
CREATE INDEX ix_post_areas_area_no ON post_areas (area_no);

CREATE TABLE post_holders (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    post_id integer NOT NULL REFERENCES posts ON DELETE RESTRICT,
    staff_id integer NOT NULL REFERENCES staff_members ON DELETE CASCADE,
    from_on date NOT NULL,
    until_on date CHECK (until_on > from_on), -- the first day on which it is no longer held
    CONSTRAINT post_holders_once EXCLUDE USING gist
        (post_id WITH =, staff_id WITH =, daterange(from_on, until_on) WITH &&)
);
CREATE INDEX ix_post_holders_staff_id ON post_holders (staff_id);

-- System, security and audit are three powers: nobody holds two of them at a time, nor one of them beside any other post.
CREATE FUNCTION part_powers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE role_given text := (SELECT role FROM posts WHERE id = NEW.post_id); other text;
BEGIN
    PERFORM FROM staff_members WHERE id = NEW.staff_id FOR NO KEY UPDATE;
    SELECT p.role INTO other FROM post_holders h JOIN posts p ON p.id = h.post_id
    WHERE h.staff_id = NEW.staff_id AND h.id <> NEW.id AND p.role <> role_given
      AND daterange(h.from_on, h.until_on) && daterange(NEW.from_on, NEW.until_on)
      AND (p.role IN ('sys_admin', 'sec_admin', 'audit_admin') OR role_given IN ('sys_admin', 'sec_admin', 'audit_admin')) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'nobody may be % and % at a time', role_given, other USING ERRCODE = 'check_violation', CONSTRAINT = 'post_holders_powers';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER post_holders_powers BEFORE INSERT OR UPDATE ON post_holders FOR EACH ROW EXECUTE FUNCTION part_powers();
CREATE FUNCTION keep_role() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the role of a post is kept: make another post' USING ERRCODE = 'check_violation', CONSTRAINT = 'posts_role_kept';
END $$;
CREATE TRIGGER posts_keep_role BEFORE UPDATE OF role ON posts FOR EACH ROW WHEN (OLD.role <> NEW.role) EXECUTE FUNCTION keep_role();

-- What an account may see today: its roles, the numbers of its areas, the units whose cases come to it wherever they lie.
CREATE FUNCTION account_view(of_account integer, OUT roles text[], OUT territory int8multirange, OUT units integer[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH held AS (
        SELECT p.id, p.role, p.unit_id FROM staff_members s
        JOIN post_holders h ON h.staff_id = s.id JOIN posts p ON p.id = h.post_id
        WHERE s.account_id = of_account AND daterange(h.from_on, h.until_on) @> district_today(s.district_id)
    )
    SELECT coalesce((SELECT array_agg(DISTINCT role ORDER BY role) FROM held), '{}'),
        coalesce((SELECT range_agg(int8range(n.no, n.last_no, '[]')) FROM held JOIN post_areas a ON a.post_id = held.id
                  JOIN area_numbers n ON n.no = a.area_no), '{}'),
        coalesce((SELECT array_agg(DISTINCT u.id ORDER BY u.id) FROM held JOIN units u ON u.id = held.unit_id
                  WHERE u.kind NOT IN ('command', 'sub_centre', 'territory', 'community')), '{}')
$$;

-- A post given, taken or moved ends the sessions of those who hold it: the next one begins with what they may do now.
CREATE FUNCTION end_sessions_of_staff(which integer[], why text) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE sessions SET ended_at = now(), end_reason = why
    WHERE ended_at IS NULL AND account_id IN (SELECT account_id FROM staff_members WHERE id = ANY (which))
$$;
CREATE FUNCTION holder_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM end_sessions_of_staff(ARRAY[coalesce(NEW.staff_id, OLD.staff_id), coalesce(OLD.staff_id, NEW.staff_id)], 'rights_changed');
    RETURN NULL;
END $$;
CREATE TRIGGER post_holders_changed AFTER INSERT OR UPDATE OR DELETE ON post_holders FOR EACH ROW EXECUTE FUNCTION holder_changed();
CREATE FUNCTION post_areas_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM end_sessions_of_staff(ARRAY(SELECT staff_id FROM post_holders WHERE post_id IN (NEW.post_id, OLD.post_id)), 'rights_changed');
    RETURN NULL;
END $$;
CREATE TRIGGER post_areas_changed AFTER INSERT OR UPDATE OR DELETE ON post_areas FOR EACH ROW EXECUTE FUNCTION post_areas_changed();
CREATE FUNCTION account_disabled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE sessions SET ended_at = now(), end_reason = 'account_disabled' WHERE account_id = NEW.id AND ended_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER accounts_disabled AFTER UPDATE OF state ON accounts FOR EACH ROW WHEN (NEW.state <> 'active') EXECUTE FUNCTION account_disabled();
