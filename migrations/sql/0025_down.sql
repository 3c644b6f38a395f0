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

CREATE OR REPLACE FUNCTION territory() RETURNS int8multirange LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN coalesce(acting('territory')::int8multirange,
    CASE WHEN NOT pg_has_role(session_user, 'panlong_app', 'MEMBER')
         THEN (SELECT (account_view(account_id)).territory FROM analyst_logins WHERE login = session_user) END, '{}');

CREATE OR REPLACE FUNCTION whole_territory() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN EXISTS (SELECT FROM area_numbers WHERE parent_no IS NULL AND int8range(no, last_no, '[]') <@ territory());

CREATE OR REPLACE FUNCTION acting_posts() RETURNS TABLE (post_id integer, role text, unit_id integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.id, p.role, p.unit_id FROM staff_members s JOIN post_holders h ON h.staff_id = s.id JOIN posts p ON p.id = h.post_id
    WHERE s.account_id = acting_account() AND daterange(h.from_on, h.until_on) @> district_today(s.district_id)
$$;
