-- Who is on duty at the command centre and, where nobody has said so, who is on its roster now; those who lead come first.
WITH desk AS (
    SELECT id FROM units WHERE district_id = :district AND kind = 'command' ORDER BY code LIMIT 1
), there AS (
    SELECT d.staff_id, true AS there, EXISTS (SELECT FROM shifts h WHERE h.staff_id = d.staff_id AND h.leads
        AND h.unit_id = d.unit_id AND h.starts_at <= now() AND h.ends_at > now()) AS leads
    FROM duty_spells d JOIN desk ON desk.id = d.unit_id WHERE d.ended_at IS NULL
), planned AS (
    SELECT h.staff_id, false AS there, h.leads FROM shifts h JOIN desk ON desk.id = h.unit_id
    WHERE h.starts_at <= now() AND h.ends_at > now() AND NOT EXISTS (SELECT FROM there)
)
SELECT s.name, o.there, o.leads, s.simulated, (
    SELECT min(p.role) FROM post_holders h JOIN posts p ON p.id = h.post_id JOIN desk ON desk.id = p.unit_id
    WHERE h.staff_id = o.staff_id AND daterange(h.from_on, h.until_on) @> district_today(s.district_id)) AS role
FROM (SELECT * FROM there UNION ALL SELECT * FROM planned) o JOIN staff_members s ON s.id = o.staff_id
ORDER BY o.leads DESC, role DESC NULLS LAST, s.code LIMIT 30
