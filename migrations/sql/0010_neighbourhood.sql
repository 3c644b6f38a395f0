-- Below the community: resident groups and their leaders, councils 理事会 with terms, security teams 群防队 of communities and enterprises.

ALTER TABLE units DROP CONSTRAINT units_kind_check, ADD CONSTRAINT units_kind_check CHECK (kind IN ('command', 'sub_centre', 'party',
    'department', 'agency', 'crew', 'utility', 'body', 'territory', 'community', 'council', 'security_team'));

-- 届: a council is elected for a term; a security team has one without an end.
CREATE TABLE unit_terms (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit_id integer NOT NULL REFERENCES units ON DELETE CASCADE,
    no integer NOT NULL CHECK (no > 0),
    from_on date NOT NULL,
    until_on date,
    CONSTRAINT unit_terms_order CHECK (until_on > from_on),
    CONSTRAINT unit_terms_no UNIQUE (unit_id, no),
    CONSTRAINT unit_terms_once EXCLUDE USING gist (unit_id WITH =, daterange(from_on, until_on) WITH &&)
);
CREATE TABLE unit_members (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    term_id integer NOT NULL REFERENCES unit_terms ON DELETE CASCADE,
    staff_id integer NOT NULL REFERENCES staff_members ON DELETE CASCADE,
    standing text NOT NULL CHECK (standing IN ('chair', 'leader', 'member')),
    from_on date NOT NULL,
    until_on date,
    CONSTRAINT unit_members_order CHECK (until_on > from_on),
    CONSTRAINT unit_members_once EXCLUDE USING gist (term_id WITH =, staff_id WITH =, daterange(from_on, until_on) WITH &&),
    CONSTRAINT unit_members_one_head EXCLUDE USING gist (term_id WITH =, daterange(from_on, until_on) WITH &&) WHERE (standing IN ('chair', 'leader'))
);
CREATE INDEX ix_unit_members_staff_id ON unit_members (staff_id);
CREATE FUNCTION check_member() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM unit_terms WHERE id = NEW.term_id AND daterange(NEW.from_on, NEW.until_on) <@ daterange(from_on, until_on)) THEN
        RAISE EXCEPTION 'nobody is a member before or after the term' USING ERRCODE = 'check_violation', CONSTRAINT = 'unit_members_term';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER unit_members_check BEFORE INSERT OR UPDATE ON unit_members FOR EACH ROW EXECUTE FUNCTION check_member();

-- 居民小组长: one to a group at every instant.
CREATE TABLE group_leaders (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    staff_id integer NOT NULL REFERENCES staff_members ON DELETE CASCADE,
    group_no bigint NOT NULL REFERENCES area_numbers ON UPDATE CASCADE,
    from_on date NOT NULL,
    until_on date,
    CONSTRAINT group_leaders_order CHECK (until_on > from_on),
    CONSTRAINT group_leaders_one EXCLUDE USING gist (group_no WITH =, daterange(from_on, until_on) WITH &&)
);
CREATE INDEX ix_group_leaders_staff_id ON group_leaders (staff_id);

-- 楼栋: what a building head or a courtyard head looks after, in words, and the resident group that it belongs to.
ALTER TABLE assignments ADD place text CHECK (length(place) BETWEEN 1 AND 80), ADD group_no bigint REFERENCES area_numbers ON UPDATE CASCADE;
CREATE INDEX ix_assignments_group_no ON assignments (group_no) WHERE group_no IS NOT NULL;
CREATE FUNCTION check_group() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.group_no IS NOT NULL AND NOT EXISTS (SELECT FROM area_numbers WHERE no = NEW.group_no AND level = 'resident_group') THEN
        RAISE EXCEPTION 'that is no resident group' USING ERRCODE = 'check_violation', CONSTRAINT = 'resident_group';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER group_leaders_check BEFORE INSERT OR UPDATE OF group_no ON group_leaders FOR EACH ROW EXECUTE FUNCTION check_group();
CREATE TRIGGER assignments_group BEFORE INSERT OR UPDATE OF group_no ON assignments FOR EACH ROW EXECUTE FUNCTION check_group();
