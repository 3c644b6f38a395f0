DROP FUNCTION staffing_seen(integer, date), staffing_on(integer, date);
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

CREATE FUNCTION staffing_seen(of_district integer, on_day date)
RETURNS TABLE (cell_id integer, cell_no bigint, inspectors integer, supervisors integer, officers integer, part_time integer, missing text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE seen int8multirange := territory();
BEGIN
    RETURN QUERY SELECT s.* FROM staffing_on(of_district, on_day) s WHERE s.cell_no <@ seen;
END $$;
REVOKE EXECUTE ON FUNCTION staffing_on(integer, date) FROM PUBLIC;
CREATE OR REPLACE FUNCTION staff_in_sight(of_staff integer) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN EXISTS (SELECT FROM staff_members WHERE id = of_staff AND account_id = acting_account())
    OR EXISTS (SELECT FROM post_holders WHERE staff_id = of_staff AND post_in_sight(post_id))
    OR EXISTS (SELECT FROM assignments WHERE staff_id = of_staff AND cell_no <@ territory());
DROP POLICY staff_members_entered ON staff_members;
DROP POLICY staff_members_changed ON staff_members;
DROP POLICY units_made ON units;
DROP POLICY units_changed ON units;
DROP POLICY posts_made ON posts;
DROP POLICY post_areas_made ON post_areas;
DROP POLICY post_holders_made ON post_holders;
DROP POLICY post_holders_ended ON post_holders;
DROP POLICY post_holders_undone ON post_holders;
DROP POLICY assignments_made ON assignments;
DROP POLICY assignments_ended ON assignments;
DROP POLICY assignments_undone ON assignments;
DROP POLICY leaves_seen ON leaves;
DROP POLICY leaves_made ON leaves;
DROP POLICY leaves_changed ON leaves;
DROP POLICY leaves_undone ON leaves;
DROP POLICY shifts_seen ON shifts;
DROP POLICY shifts_made ON shifts;
DROP POLICY shifts_changed ON shifts;
DROP POLICY shifts_undone ON shifts;
DROP POLICY duty_spells_seen ON duty_spells;
DROP POLICY duty_spells_begun ON duty_spells;
DROP POLICY duty_spells_ended ON duty_spells;
DROP POLICY takeovers_seen ON takeovers;
DROP POLICY takeovers_made ON takeovers;
DROP POLICY takeovers_ended ON takeovers;
DROP POLICY handovers_seen ON handovers;
DROP POLICY handovers_given ON handovers;
DROP POLICY handovers_taken ON handovers;
DROP POLICY unit_terms_seen ON unit_terms;
DROP POLICY unit_members_seen ON unit_members;
DROP POLICY group_leaders_seen ON group_leaders;
DROP POLICY unit_terms_made ON unit_terms;
DROP POLICY unit_members_made ON unit_members;
DROP POLICY unit_members_ended ON unit_members;
DROP POLICY group_leaders_made ON group_leaders;
DROP POLICY group_leaders_ended ON group_leaders;
DROP POLICY group_leaders_undone ON group_leaders;
DROP POLICY unit_members_undone ON unit_members;
REVOKE INSERT, UPDATE, DELETE ON assignments, post_holders, posts, post_areas, units, staff_members FROM panlong_app;
REVOKE ALL ON leaves, shifts, duty_spells, takeovers, handovers, unit_terms, unit_members, group_leaders FROM panlong_app;
ALTER POLICY access_log_added ON access_log WITH CHECK (true);
CREATE OR REPLACE FUNCTION account_in_sight(of_account integer) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN of_account = acting_account() OR EXISTS (SELECT FROM staff_members WHERE account_id = of_account AND staff_in_sight(id));
DROP FUNCTION at_desk(integer), forget_spells(integer), staff_within(integer), people_of(integer, date), night_desk(integer), area_to_grant(text), may_grant(), may_staff(), unit_in_sight(integer), post_within(integer);
ALTER POLICY staff_members_seen ON staff_members USING ((SELECT administers() OR whole_territory()) OR staff_in_sight(id));
ALTER TABLE staff_members DROP entered_by;
ALTER POLICY units_seen ON units USING ((SELECT administers() OR all_areas_seen()) OR area_no IS NULL OR area_no <@ (SELECT territory())
    OR id = ANY ((SELECT acting_units())::integer[]));
DROP FUNCTION unplaced(integer);
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
