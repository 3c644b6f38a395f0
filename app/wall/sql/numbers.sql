-- Open cases of all that is in sight (no area) and of each area of a level, counted once: the tiles add up to the whole.
WITH open AS (
    SELECT c.area_no, c.state <> 'suspended' AND c.due_at < :now AS overdue,
        c.state <> 'suspended' AND c.due_at >= :now AND near_from(c.near_at, c.due_at) <= :now AS near,
        c.cell_id IS NOT NULL AND NOT c.category_id = ANY (:numbers) AS placed,
        coalesce(f.risk = 'severe' OR f.control_amount IS NOT NULL
            AND NOT coalesce((c.stand ->> 'controlled')::boolean, false), false) AS urgent
    FROM cases c LEFT JOIN filing_conditions f ON f.id = c.condition_id
    WHERE c.district_id = :district AND open_state(c.state)
)
SELECT a.id, count(*) AS open, count(*) FILTER (WHERE o.overdue) AS overdue, count(*) FILTER (WHERE o.near) AS near,
    count(*) FILTER (WHERE o.urgent) AS urgent, count(*) FILTER (WHERE o.overdue AND o.placed) AS placed
FROM open o LEFT JOIN areas a ON a.district_id = :district AND a.level = :level AND a.valid_to_on IS NULL
    AND o.area_no BETWEEN a.no AND a.last_no
GROUP BY GROUPING SETS ((a.id), ()) ORDER BY a.id
