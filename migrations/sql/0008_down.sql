CREATE OR REPLACE FUNCTION staff_in_sight(of_staff integer) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN EXISTS (SELECT FROM staff_members WHERE id = of_staff AND account_id = acting_account())
    OR EXISTS (SELECT FROM post_holders WHERE staff_id = of_staff AND post_in_sight(post_id));
CREATE OR REPLACE FUNCTION account_view(of_account integer, OUT roles text[], OUT territory int8multirange, OUT units integer[])
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
DROP FUNCTION staffing_seen(integer, date), staffing_on(integer, date);
ALTER TABLE districts DROP part_time_needed;
DROP TABLE assignments;
DROP FUNCTION check_assignment(), assignment_changed();
