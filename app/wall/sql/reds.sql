-- Overdue cases that a preset shows, what it puts first before all, then the longest overdue.
SELECT k.name AS category, k.name_en AS category_en, c.category_id = ANY (:first) AS first, c.due_at, c.address,
    x.name AS cell, x.name_en AS cell_en, x.code AS cell_code, p.name AS community, p.name_en AS community_en,
    u.name AS unit, u.name_en AS unit_en,
    ST_X(ST_Transform(x.label_3857, 4490)) AS lon, ST_Y(ST_Transform(x.label_3857, 4490)) AS lat,
    coalesce(f.risk = 'severe' OR f.control_amount IS NOT NULL
        AND NOT coalesce((c.stand ->> 'controlled')::boolean, false), false) AS urgent,
    count(*) OVER () AS of
FROM cases c JOIN case_categories k ON k.id = c.category_id LEFT JOIN filing_conditions f ON f.id = c.condition_id
LEFT JOIN areas x ON x.id = c.cell_id
LEFT JOIN areas p ON p.id = coalesce(x.parent_id, c.area_id) LEFT JOIN units u ON u.id = c.unit_id
WHERE c.district_id = :district AND open_state(c.state) AND c.state <> 'suspended' AND c.due_at < :now
    AND NOT c.category_id = ANY (:numbers) AND c.area_no BETWEEN :low AND :high
ORDER BY first DESC, c.due_at, c.id LIMIT :limit
