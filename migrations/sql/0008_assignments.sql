-- 1+1+1+N: who looks after which cell, and when. 专职 one cell, one person; 专业 one person, many cells; 兼职 one cell, many persons.

CREATE TABLE assignments (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    staff_id integer NOT NULL REFERENCES staff_members ON DELETE CASCADE,
    cell_no bigint NOT NULL REFERENCES area_numbers ON UPDATE CASCADE,
    kind text NOT NULL CHECK (kind IN ('full_time', 'professional', 'part_time')),
    duty text NOT NULL CHECK (duty IN ('grid_officer', 'supervisor', 'inspector', 'law_enforcement', 'department', 'volunteer',
        'courtyard_head', 'building_head', 'security_team')),
    from_on date NOT NULL,
    until_on date CHECK (until_on > from_on), -- the first day on which it no longer holds
    CHECK ((kind = 'full_time') = (duty = 'grid_officer')),
    CHECK ((kind = 'part_time') = (duty IN ('volunteer', 'courtyard_head', 'building_head', 'security_team'))),
    -- The constraints are the rule, whatever two sessions do at once: at no instant has a cell two full-time officers …
    CONSTRAINT assignments_one_officer_a_cell EXCLUDE USING gist
        (cell_no WITH =, daterange(from_on, until_on) WITH &&) WHERE (kind = 'full_time'),
    -- … nor one of them two cells.
    CONSTRAINT assignments_one_cell_an_officer EXCLUDE USING gist
        (staff_id WITH =, daterange(from_on, until_on) WITH &&) WHERE (kind = 'full_time'),
    CONSTRAINT assignments_once EXCLUDE USING gist
        (staff_id WITH =, cell_no WITH =, duty WITH =, daterange(from_on, until_on) WITH &&)
);
CREATE INDEX ix_assignments_cell_no ON assignments (cell_no);
CREATE INDEX ix_assignments_staff_id ON assignments (staff_id);

CREATE FUNCTION check_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM area_numbers WHERE no = NEW.cell_no AND level = 'cell') THEN
        RAISE EXCEPTION 'people are assigned to cells' USING ERRCODE = 'check_violation', CONSTRAINT = 'assignments_cell';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assignments_check BEFORE INSERT OR UPDATE OF cell_no ON assignments FOR EACH ROW EXECUTE FUNCTION check_assignment();
CREATE FUNCTION assignment_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM end_sessions_of_staff(ARRAY[coalesce(NEW.staff_id, OLD.staff_id), coalesce(OLD.staff_id, NEW.staff_id)], 'rights_changed');
    RETURN NULL;
END $$;
CREATE TRIGGER assignments_changed AFTER INSERT OR UPDATE OR DELETE ON assignments FOR EACH ROW EXECUTE FUNCTION assignment_changed();

-- How many of the N a cell needs; the district's own number.
ALTER TABLE districts ADD part_time_needed integer NOT NULL DEFAULT 1 CHECK (part_time_needed BETWEEN 0 AND 50);

-- The territory of an account is that of its posts and the cells that its person is assigned to.
CREATE OR REPLACE FUNCTION account_view(of_account integer, OUT roles text[], OUT territory int8multirange, OUT units integer[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH held AS (
        SELECT p.id, p.role, p.unit_id FROM staff_members s
        JOIN post_holders h ON h.staff_id = s.id JOIN posts p ON p.id = h.post_id
        WHERE s.account_id = of_account AND daterange(h.from_on, h.until_on) @> district_today(s.district_id)
    ), place AS (
        SELECT a.area_no AS no FROM held JOIN post_areas a ON a.post_id = held.id
        UNION SELECT a.cell_no FROM staff_members s JOIN assignments a ON a.staff_id = s.id
        WHERE s.account_id = of_account AND daterange(a.from_on, a.until_on) @> district_today(s.district_id)
          -- Somebody without a post today has no rights, whatever cells are still written down.
          AND EXISTS (SELECT FROM held)
    )
    SELECT coalesce((SELECT array_agg(DISTINCT role ORDER BY role) FROM held), '{}'),
        coalesce((SELECT range_agg(int8range(n.no, n.last_no, '[]')) FROM place JOIN area_numbers n ON n.no = place.no), '{}'),
        coalesce((SELECT array_agg(DISTINCT u.id ORDER BY u.id) FROM held JOIN units u ON u.id = held.unit_id
                  WHERE u.kind NOT IN ('command', 'sub_centre', 'territory', 'community')), '{}')
$$;

-- The 1+1+1+N of every cell on a day: who covers it, and what it lacks. Inspector and supervisor cover a cell by a post over
-- an area that holds it, or by an assignment.
CREATE FUNCTION staffing_on(of_district integer, on_day date)
RETURNS TABLE (cell_id integer, cell_no bigint, inspectors integer, supervisors integer, officers integer, part_time integer, missing text[])
LANGUAGE sql STABLE AS $$
    WITH cell AS (
        SELECT a.id, a.no FROM areas_on(of_district, on_day) a WHERE a.level = 'cell'
    ), post AS (
        SELECT p.role, n.no, n.last_no FROM post_holders h JOIN posts p ON p.id = h.post_id AND p.role IN ('inspector', 'supervisor')
        JOIN post_areas a ON a.post_id = p.id JOIN area_numbers n ON n.no = a.area_no
        WHERE daterange(h.from_on, h.until_on) @> on_day
    ), by_post AS (
        SELECT cell.no, count(*) FILTER (WHERE role = 'inspector') AS inspectors, count(*) FILTER (WHERE role = 'supervisor') AS supervisors
        FROM cell JOIN post ON cell.no BETWEEN post.no AND post.last_no GROUP BY cell.no
    ), by_cell AS (
        SELECT a.cell_no AS no, count(*) FILTER (WHERE duty = 'inspector') AS inspectors, count(*) FILTER (WHERE duty = 'supervisor') AS supervisors,
               count(*) FILTER (WHERE kind = 'full_time') AS officers, count(*) FILTER (WHERE kind = 'part_time') AS part_time
        FROM assignments a WHERE daterange(a.from_on, a.until_on) @> on_day GROUP BY 1
    ), counted AS (
        SELECT cell.id, cell.no, (coalesce(p.inspectors, 0) + coalesce(c.inspectors, 0))::int AS inspectors,
               (coalesce(p.supervisors, 0) + coalesce(c.supervisors, 0))::int AS supervisors,
               coalesce(c.officers, 0)::int AS officers, coalesce(c.part_time, 0)::int AS part_time
        FROM cell LEFT JOIN by_post p ON p.no = cell.no LEFT JOIN by_cell c ON c.no = cell.no
    )
    SELECT id, no, inspectors, supervisors, officers, part_time, array_remove(ARRAY[
        CASE WHEN inspectors = 0 THEN 'inspector' END, CASE WHEN supervisors = 0 THEN 'supervisor' END,
        CASE WHEN officers = 0 THEN 'officer' END,
        CASE WHEN part_time < (SELECT part_time_needed FROM districts WHERE districts.id = of_district) THEN 'part_time' END], NULL)
    FROM counted
$$;

-- What is asked for people is asked as the owner, behind the wall of the cells: counts of one's own cells are true even
-- where the people counted work from elsewhere (a district's inspector).
CREATE FUNCTION staffing_seen(of_district integer, on_day date)
RETURNS TABLE (cell_id integer, cell_no bigint, inspectors integer, supervisors integer, officers integer, part_time integer, missing text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE seen int8multirange := territory();
BEGIN
    RETURN QUERY SELECT s.* FROM staffing_on(of_district, on_day) s WHERE s.cell_no <@ seen;
END $$;
REVOKE EXECUTE ON FUNCTION staffing_on(integer, date) FROM PUBLIC;

CREATE POLICY assignments_seen ON assignments FOR SELECT TO panlong_app USING (
    cell_no <@ (SELECT territory()) OR staff_id IN (SELECT id FROM staff_members WHERE account_id = (SELECT acting_account())));
ALTER TABLE assignments ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON assignments TO panlong_app;

-- Those who work in a cell of mine are in my sight, as those whose post lies in my territory are.
CREATE OR REPLACE FUNCTION staff_in_sight(of_staff integer) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN EXISTS (SELECT FROM staff_members WHERE id = of_staff AND account_id = acting_account())
    OR EXISTS (SELECT FROM post_holders WHERE staff_id = of_staff AND post_in_sight(post_id))
    OR EXISTS (SELECT FROM assignments WHERE staff_id = of_staff AND cell_no <@ territory());
