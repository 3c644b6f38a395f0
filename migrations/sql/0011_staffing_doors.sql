-- Who may see and write what of staffing; and the 1+1+1+N counted by those who are there.

-- Whoever enters a person who works nowhere yet sees them; afterwards the place decides.
ALTER TABLE staff_members ADD entered_by integer REFERENCES accounts ON DELETE SET NULL;

CREATE FUNCTION unit_in_sight(of_unit integer) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN EXISTS (SELECT FROM units WHERE id = of_unit AND (area_no <@ territory() OR id = ANY (acting_units()))) OR whole_territory();
-- Of a post that gives rights over other places than the reader's, nobody gives rights away.
CREATE FUNCTION post_within(of_post integer) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN EXISTS (SELECT FROM posts p JOIN units u ON u.id = p.unit_id WHERE p.id = of_post AND p.role NOT IN ('sys_admin', 'sec_admin', 'audit_admin')
                   -- A department's post gives sight of its cases everywhere.
                   AND (u.kind IN ('command', 'sub_centre', 'territory', 'community') OR u.id = ANY (acting_units())))
    AND EXISTS (SELECT FROM post_areas WHERE post_id = of_post)
    AND NOT EXISTS (SELECT FROM post_areas a JOIN area_numbers n ON n.no = a.area_no
                    WHERE a.post_id = of_post AND NOT int8range(n.no, n.last_no, '[]') <@ territory());
-- Somebody who works nowhere yet, or no longer.
CREATE FUNCTION unplaced(of_staff integer) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN NOT EXISTS (SELECT FROM post_holders WHERE staff_id = of_staff) AND NOT EXISTS (SELECT FROM assignments WHERE staff_id = of_staff)
    AND NOT EXISTS (SELECT FROM group_leaders WHERE staff_id = of_staff) AND NOT EXISTS (SELECT FROM unit_members WHERE staff_id = of_staff);
CREATE OR REPLACE FUNCTION staff_in_sight(of_staff integer) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN whole_territory() OR EXISTS (SELECT FROM staff_members WHERE id = of_staff AND account_id = acting_account())
    OR EXISTS (SELECT FROM staff_members WHERE id = of_staff AND entered_by = acting_account() AND account_id IS NULL AND unplaced(id))
    OR EXISTS (SELECT FROM post_holders WHERE staff_id = of_staff AND post_in_sight(post_id))
    OR EXISTS (SELECT FROM assignments WHERE staff_id = of_staff AND cell_no <@ territory())
    OR EXISTS (SELECT FROM group_leaders WHERE staff_id = of_staff AND group_no <@ territory())
    OR EXISTS (SELECT FROM unit_members m JOIN unit_terms t ON t.id = m.term_id JOIN units u ON u.id = t.unit_id
               WHERE m.staff_id = of_staff AND u.area_no <@ territory());
-- To whom a desk hands over for the night; only of a desk in sight.
CREATE FUNCTION night_desk(of_unit integer) RETURNS TABLE (id integer, code text, name text, kind text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT n.id, n.code, n.name, n.kind FROM units u JOIN units n ON n.id = u.night_unit_id WHERE u.id = of_unit AND unit_in_sight(of_unit)
$$;
REVOKE EXECUTE ON FUNCTION night_desk(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION night_desk(integer) TO panlong_app;
-- Whom one may write about, and whose telephone number one may read: who works in one's territory now or will. Whoever has
-- left is seen in the rosters of their time, and no more.
CREATE FUNCTION staff_within(of_staff integer) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN whole_territory()
    OR EXISTS (SELECT FROM staff_members WHERE id = of_staff AND entered_by = acting_account() AND account_id IS NULL AND unplaced(id))
    OR EXISTS (SELECT FROM post_holders WHERE staff_id = of_staff AND coalesce(until_on > current_date - 1, true) AND post_in_sight(post_id))
    OR EXISTS (SELECT FROM assignments WHERE staff_id = of_staff AND coalesce(until_on > current_date - 1, true) AND cell_no <@ territory())
    OR EXISTS (SELECT FROM group_leaders WHERE staff_id = of_staff AND coalesce(until_on > current_date - 1, true) AND group_no <@ territory())
    OR EXISTS (SELECT FROM unit_members m JOIN unit_terms t ON t.id = m.term_id JOIN units u ON u.id = t.unit_id
               WHERE m.staff_id = of_staff AND coalesce(m.until_on > current_date - 1, true) AND u.area_no <@ territory());
CREATE OR REPLACE FUNCTION account_in_sight(of_account integer) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN of_account = acting_account() OR EXISTS (SELECT FROM staff_members WHERE account_id = of_account AND staff_within(id));
REVOKE EXECUTE ON FUNCTION unplaced(integer), staff_within(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION unplaced(integer), staff_within(integer) TO panlong_app;
REVOKE EXECUTE ON FUNCTION unit_in_sight(integer), post_within(integer), desk_at(integer, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION unit_in_sight(integer), post_within(integer), desk_at(integer, timestamptz) TO panlong_app;

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['leaves', 'shifts', 'duty_spells', 'takeovers', 'handovers', 'unit_terms', 'unit_members', 'group_leaders'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO panlong_app', name);
    END LOOP;
END $$;
-- What is written down is ended, and not turned into something else: of an old row only the end can be changed.
GRANT DELETE ON leaves, shifts, unit_members, group_leaders TO panlong_app;
GRANT UPDATE (until_on) ON leaves, unit_members, group_leaders TO panlong_app;
GRANT UPDATE (leads) ON shifts TO panlong_app;
GRANT UPDATE (ended_at) ON duty_spells TO panlong_app;
GRANT UPDATE (ended_at, ended_by) ON takeovers TO panlong_app;
GRANT UPDATE (taken_by, taken_name, taken_at, remark) ON handovers TO panlong_app;
GRANT INSERT, DELETE, UPDATE (until_on, place) ON assignments TO panlong_app;
GRANT INSERT, DELETE, UPDATE (until_on) ON post_holders TO panlong_app;
GRANT INSERT ON posts, post_areas, units TO panlong_app;
GRANT UPDATE (name, full_name, name_en, kind, credit_code, opens_at, closes_at, night_unit_id) ON units TO panlong_app;
GRANT INSERT, UPDATE (name, phone) ON staff_members TO panlong_app;

-- Whether one holds a post in a unit today: who signs for a desk works at it.
CREATE FUNCTION at_desk(of_unit integer) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN EXISTS (SELECT FROM staff_members s JOIN post_holders h ON h.staff_id = s.id JOIN posts p ON p.id = h.post_id
               WHERE s.account_id = acting_account() AND p.unit_id = of_unit AND daterange(h.from_on, h.until_on) @> district_today(s.district_id));
-- How long it is kept when somebody was on duty: what a dispute about a hand-over needs, and no more.
CREATE FUNCTION forget_spells(of_staff integer) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM duty_spells WHERE staff_id = of_staff AND ended_at < now() - interval '92 days'
$$;
REVOKE EXECUTE ON FUNCTION at_desk(integer), forget_spells(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION at_desk(integer), forget_spells(integer) TO panlong_app;
-- What one does is logged as one's own doing.
ALTER POLICY access_log_added ON access_log WITH CHECK (account_id IS NOT DISTINCT FROM (SELECT acting_account()));
CREATE FUNCTION may_grant() RETURNS boolean LANGUAGE sql STABLE RETURN 'sec_admin' = ANY (acting_roles());
CREATE FUNCTION may_staff() RETURNS boolean LANGUAGE sql STABLE RETURN acting_roles() && ARRAY['subcentre_head', 'duty_officer'];
-- Whoever grants posts names the areas of a post without seeing what lies in them.
CREATE FUNCTION area_to_grant(of_code text) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN (SELECT a.no FROM areas a LEFT JOIN grid_editions e ON e.id = a.edition_id
        WHERE a.code = of_code AND coalesce(e.state = 'in_force', a.valid_to_on IS NULL) AND (may_grant() OR a.no <@ territory()) LIMIT 1);
REVOKE EXECUTE ON FUNCTION area_to_grant(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION area_to_grant(text) TO panlong_app;
-- To whom a desk hands over, and who takes it over, is known to those who work at it.
ALTER POLICY units_seen ON units USING ((SELECT administers() OR all_areas_seen()) OR area_no IS NULL OR area_no <@ (SELECT territory())
    OR id = ANY ((SELECT acting_units())::integer[]) OR kind = 'command');
-- Of a row that is only being written a function finds nothing, so the policy itself knows who enters it.
ALTER POLICY staff_members_seen ON staff_members USING (
    (SELECT administers() OR whole_territory()) OR (entered_by = (SELECT acting_account()) AND account_id IS NULL AND unplaced(id)) OR staff_in_sight(id));
CREATE POLICY staff_members_entered ON staff_members FOR INSERT TO panlong_app WITH CHECK (
    account_id IS NULL AND entered_by = (SELECT acting_account()) AND (SELECT may_staff() OR may_grant()));
CREATE POLICY staff_members_changed ON staff_members FOR UPDATE TO panlong_app USING ((SELECT may_grant()) OR ((SELECT may_staff()) AND staff_within(id)));
CREATE POLICY units_made ON units FOR INSERT TO panlong_app WITH CHECK ((SELECT may_grant())
    OR ((SELECT may_staff()) AND kind IN ('council', 'security_team') AND area_no <@ (SELECT territory())));
CREATE POLICY units_changed ON units FOR UPDATE TO panlong_app USING ((SELECT may_grant()));
CREATE POLICY posts_made ON posts FOR INSERT TO panlong_app WITH CHECK ((SELECT may_grant()));
CREATE POLICY post_areas_made ON post_areas FOR INSERT TO panlong_app WITH CHECK ((SELECT may_grant()));
CREATE POLICY post_holders_made ON post_holders FOR INSERT TO panlong_app WITH CHECK (
    ((SELECT may_grant()) OR ((SELECT may_staff()) AND leave_id IS NOT NULL AND post_within(post_id) AND staff_within(staff_id)))
    -- Nobody gives themselves rights.
    AND staff_id NOT IN (SELECT id FROM staff_members WHERE account_id = (SELECT acting_account())));
CREATE POLICY post_holders_ended ON post_holders FOR UPDATE TO panlong_app USING ((SELECT may_grant()));
CREATE POLICY post_holders_undone ON post_holders FOR DELETE TO panlong_app USING ((SELECT may_grant()));
CREATE POLICY assignments_made ON assignments FOR INSERT TO panlong_app WITH CHECK (
    (SELECT may_staff()) AND cell_no <@ (SELECT territory()) AND staff_within(staff_id));
CREATE POLICY assignments_ended ON assignments FOR UPDATE TO panlong_app USING ((SELECT may_staff()) AND cell_no <@ (SELECT territory()));
CREATE POLICY assignments_undone ON assignments FOR DELETE TO panlong_app USING ((SELECT may_staff()) AND cell_no <@ (SELECT territory()));

CREATE POLICY leaves_seen ON leaves FOR SELECT TO panlong_app USING ((SELECT whole_territory()) OR staff_in_sight(staff_id));
CREATE POLICY leaves_made ON leaves FOR INSERT TO panlong_app WITH CHECK ((SELECT may_staff()) AND staff_within(staff_id));
CREATE POLICY leaves_changed ON leaves FOR UPDATE TO panlong_app USING ((SELECT may_staff()) AND staff_within(staff_id));
CREATE POLICY leaves_undone ON leaves FOR DELETE TO panlong_app USING ((SELECT may_staff()) AND staff_within(staff_id));
CREATE POLICY shifts_seen ON shifts FOR SELECT TO panlong_app USING (unit_in_sight(unit_id)
    OR staff_id IN (SELECT id FROM staff_members WHERE account_id = (SELECT acting_account())));
CREATE POLICY shifts_made ON shifts FOR INSERT TO panlong_app WITH CHECK ((SELECT may_staff()) AND unit_in_sight(unit_id) AND staff_within(staff_id));
CREATE POLICY shifts_changed ON shifts FOR UPDATE TO panlong_app USING ((SELECT may_staff()) AND unit_in_sight(unit_id));
CREATE POLICY shifts_undone ON shifts FOR DELETE TO panlong_app USING ((SELECT may_staff()) AND unit_in_sight(unit_id));
CREATE POLICY duty_spells_seen ON duty_spells FOR SELECT TO panlong_app USING (unit_in_sight(unit_id)
    OR staff_id IN (SELECT id FROM staff_members WHERE account_id = (SELECT acting_account())));
CREATE POLICY duty_spells_begun ON duty_spells FOR INSERT TO panlong_app WITH CHECK (
    staff_id IN (SELECT id FROM staff_members WHERE account_id = (SELECT acting_account())) AND began_at = now() AND ended_at IS NULL);
CREATE POLICY duty_spells_ended ON duty_spells FOR UPDATE TO panlong_app USING (
    staff_id IN (SELECT id FROM staff_members WHERE account_id = (SELECT acting_account())) AND ended_at IS NULL) WITH CHECK (ended_at = now());
CREATE POLICY takeovers_seen ON takeovers FOR SELECT TO panlong_app USING (unit_in_sight(unit_id) OR unit_in_sight(by_unit_id));
CREATE POLICY takeovers_made ON takeovers FOR INSERT TO panlong_app WITH CHECK (
    'duty_officer' = ANY ((SELECT acting_roles())::text[]) AND began_by = (SELECT acting_account()) AND began_at = now() AND ended_at IS NULL
    AND unit_in_sight(unit_id) AND unit_in_sight(by_unit_id));
CREATE POLICY takeovers_ended ON takeovers FOR UPDATE TO panlong_app USING (
    'duty_officer' = ANY ((SELECT acting_roles())::text[]) AND ended_at IS NULL AND unit_in_sight(by_unit_id))
    WITH CHECK (ended_by = (SELECT acting_account()) AND ended_at = now());
CREATE POLICY handovers_seen ON handovers FOR SELECT TO panlong_app USING (unit_in_sight(unit_id) OR unit_in_sight(to_unit_id));
CREATE POLICY handovers_given ON handovers FOR INSERT TO panlong_app WITH CHECK (
    unit_in_sight(unit_id) AND at_desk(unit_id) AND given_by = (SELECT acting_account()) AND taken_by IS NULL
    AND given_name = (SELECT name FROM accounts WHERE id = (SELECT acting_account()))
    AND given_at BETWEEN now() - interval '1 minute' AND now() + interval '1 minute');
CREATE POLICY handovers_taken ON handovers FOR UPDATE TO panlong_app USING (unit_in_sight(to_unit_id) AND at_desk(to_unit_id)) WITH CHECK (
    taken_by = (SELECT acting_account()) AND taken_name = (SELECT name FROM accounts WHERE id = (SELECT acting_account()))
    AND taken_at BETWEEN now() - interval '1 minute' AND now() + interval '1 minute');
CREATE POLICY unit_terms_seen ON unit_terms FOR SELECT TO panlong_app USING (unit_in_sight(unit_id));
CREATE POLICY unit_members_seen ON unit_members FOR SELECT TO panlong_app USING (term_id IN (SELECT id FROM unit_terms));
CREATE POLICY group_leaders_seen ON group_leaders FOR SELECT TO panlong_app USING (group_no <@ (SELECT territory())
    OR staff_id IN (SELECT id FROM staff_members WHERE account_id = (SELECT acting_account())));
CREATE POLICY unit_terms_made ON unit_terms FOR INSERT TO panlong_app WITH CHECK ((SELECT may_staff()) AND unit_in_sight(unit_id)
    AND unit_id IN (SELECT id FROM units WHERE kind IN ('council', 'security_team')));
CREATE POLICY unit_members_made ON unit_members FOR INSERT TO panlong_app WITH CHECK (
    (SELECT may_staff()) AND term_id IN (SELECT id FROM unit_terms) AND staff_within(staff_id));
CREATE POLICY unit_members_ended ON unit_members FOR UPDATE TO panlong_app USING ((SELECT may_staff()) AND term_id IN (SELECT id FROM unit_terms));
CREATE POLICY unit_members_undone ON unit_members FOR DELETE TO panlong_app USING ((SELECT may_staff()) AND term_id IN (SELECT id FROM unit_terms));
CREATE POLICY group_leaders_undone ON group_leaders FOR DELETE TO panlong_app USING ((SELECT may_staff()) AND group_no <@ (SELECT territory()));
CREATE POLICY group_leaders_made ON group_leaders FOR INSERT TO panlong_app WITH CHECK (
    (SELECT may_staff()) AND group_no <@ (SELECT territory()) AND staff_within(staff_id));
CREATE POLICY group_leaders_ended ON group_leaders FOR UPDATE TO panlong_app USING ((SELECT may_staff()) AND group_no <@ (SELECT territory()));

-- Who is on leave covers nothing; who stands in for an officer is one for those days.
DROP FUNCTION staffing_seen(integer, date), staffing_on(integer, date);
CREATE FUNCTION staffing_on(of_district integer, on_day date)
RETURNS TABLE (cell_id integer, cell_no bigint, inspectors integer, supervisors integer, officers integer, part_time integer,
    away integer, missing text[])
LANGUAGE sql STABLE AS $$
    WITH cell AS (
        SELECT a.id, a.no FROM areas_on(of_district, on_day) a WHERE a.level = 'cell'
    ), absent AS (
        SELECT staff_id FROM leaves WHERE daterange(from_on, until_on) @> on_day
    ), post AS (
        SELECT h.staff_id, p.role, n.no, n.last_no FROM post_holders h JOIN posts p ON p.id = h.post_id AND p.role IN ('inspector', 'supervisor')
        JOIN post_areas a ON a.post_id = p.id JOIN area_numbers n ON n.no = a.area_no
        WHERE daterange(h.from_on, h.until_on) @> on_day AND h.staff_id NOT IN (SELECT staff_id FROM absent)
    ), look AS (
        SELECT a.cell_no AS no, a.staff_id, a.duty, a.kind, a.staff_id IN (SELECT staff_id FROM absent) AS away
        FROM assignments a WHERE daterange(a.from_on, a.until_on) @> on_day
    ), by_post AS (
        -- One person counts once, whatever leads them to the cell.
        SELECT no, count(DISTINCT staff_id) FILTER (WHERE role = 'inspector') AS inspectors,
               count(DISTINCT staff_id) FILTER (WHERE role = 'supervisor') AS supervisors
        FROM (SELECT cell.no, post.staff_id, post.role FROM cell JOIN post ON cell.no BETWEEN post.no AND post.last_no
              UNION SELECT no, staff_id, duty FROM look WHERE duty IN ('inspector', 'supervisor') AND NOT away) both_ways GROUP BY no
    ), by_cell AS (
        SELECT no, count(*) FILTER (WHERE duty = 'grid_officer' AND NOT away) AS officers,
               count(*) FILTER (WHERE kind = 'part_time' AND NOT away) AS part_time, count(*) FILTER (WHERE kind = 'full_time' AND away) AS away
        FROM look GROUP BY no
    ), counted AS (
        SELECT cell.id, cell.no, coalesce(p.inspectors, 0)::int AS inspectors, coalesce(p.supervisors, 0)::int AS supervisors, coalesce(c.officers, 0)::int AS officers,
               coalesce(c.part_time, 0)::int AS part_time, coalesce(c.away, 0)::int AS away
        FROM cell LEFT JOIN by_post p ON p.no = cell.no LEFT JOIN by_cell c ON c.no = cell.no
    )
    SELECT id, no, inspectors, supervisors, officers, part_time, away, array_remove(ARRAY[
        CASE WHEN inspectors = 0 THEN 'inspector' END, CASE WHEN supervisors = 0 THEN 'supervisor' END,
        CASE WHEN officers = 0 THEN 'officer' END,
        CASE WHEN part_time < (SELECT part_time_needed FROM districts WHERE districts.id = of_district) THEN 'part_time' END], NULL)
    FROM counted
$$;
CREATE FUNCTION staffing_seen(of_district integer, on_day date)
RETURNS TABLE (cell_id integer, cell_no bigint, inspectors integer, supervisors integer, officers integer, part_time integer,
    away integer, missing text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE seen int8multirange := territory();
BEGIN
    RETURN QUERY SELECT s.* FROM staffing_on(of_district, on_day) s WHERE s.cell_no <@ seen;
END $$;
REVOKE EXECUTE ON FUNCTION staffing_on(integer, date) FROM PUBLIC;

-- Who answers for an area in sight, by a post over it; and for a cell those assigned to it. Whoever works in a cell may know
-- its inspector, though the inspector's post reaches further than they see.
CREATE FUNCTION people_of(of_area integer, on_day date) RETURNS TABLE (code text, name text, simulated boolean, role text, duty text, kind text,
    place text, unit text, from_on date, until_on date, away boolean, has_phone boolean, assignment_id integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE at areas; seen int8multirange := territory();
BEGIN
    SELECT * INTO at FROM areas WHERE id = of_area;
    IF NOT FOUND OR NOT int8range(at.no, at.last_no, '[]') <@ seen THEN RETURN; END IF;
    RETURN QUERY
    WITH found AS (
        SELECT h.staff_id, p.role, NULL::text AS duty, CASE WHEN h.leave_id IS NULL THEN 'post' ELSE 'stand_in' END AS kind,
               NULL::text AS place, u.name AS unit, h.from_on, h.until_on, NULL::integer AS assignment_id
        FROM post_holders h JOIN posts p ON p.id = h.post_id JOIN units u ON u.id = p.unit_id
        WHERE daterange(h.from_on, h.until_on) @> on_day AND p.role IN ('inspector', 'supervisor', 'subcentre_head', 'community_desk')
          AND EXISTS (SELECT FROM post_areas a JOIN area_numbers n ON n.no = a.area_no
                      WHERE a.post_id = p.id AND n.no <= at.no AND n.last_no >= at.last_no)
        UNION ALL
        SELECT x.staff_id, NULL, x.duty, x.kind, x.place, NULL, x.from_on, x.until_on, x.id FROM assignments x
        WHERE x.cell_no = at.no AND at.level = 'cell' AND daterange(x.from_on, x.until_on) @> on_day
    )
    SELECT s.code, s.name, s.simulated, f.role, f.duty, f.kind, f.place, f.unit, f.from_on, f.until_on,
           EXISTS (SELECT FROM leaves l WHERE l.staff_id = s.id AND daterange(l.from_on, l.until_on) @> on_day),
           s.phone IS NOT NULL, f.assignment_id
    FROM found f JOIN staff_members s ON s.id = f.staff_id
    ORDER BY f.kind <> 'full_time', f.kind <> 'stand_in', f.kind <> 'post', f.role, f.duty, s.code LIMIT 300;
END $$;
REVOKE EXECUTE ON FUNCTION people_of(integer, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION people_of(integer, date) TO panlong_app;

-- A cell widens the sight of those who work outside; whoever sits at a desk or holds a power has the territory of the post
-- alone, or an assignment as a volunteer would stretch the desk's rights over another place.
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
          AND NOT EXISTS (SELECT FROM held WHERE role NOT IN ('reporter', 'group_leader', 'grid_officer', 'supervisor', 'inspector', 'handler'))
    )
    SELECT coalesce((SELECT array_agg(DISTINCT role ORDER BY role) FROM held), '{}'),
        coalesce((SELECT range_agg(int8range(n.no, n.last_no, '[]')) FROM place JOIN area_numbers n ON n.no = place.no), '{}'),
        coalesce((SELECT array_agg(DISTINCT u.id ORDER BY u.id) FROM held JOIN units u ON u.id = held.unit_id
                  WHERE u.kind NOT IN ('command', 'sub_centre', 'territory', 'community')), '{}')
$$;
