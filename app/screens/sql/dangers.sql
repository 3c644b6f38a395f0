-- What is dangerous now: 特急 and 重大, the gravest and then the first due first; each row says of how many.
SELECT c.id, c.number, c.external_ref AS ref, c.state, c.loop, c.reported_at, c.due_at, c.near_at, c.address, c.simulated,
    k.name AS category, k.name_en AS category_en, f.risk, f.limit_unit,
    f.control_amount IS NOT NULL AND NOT coalesce((c.stand ->> 'controlled')::boolean, false) AS uncontrolled,
    a.name AS area, a.name_en AS area_en, a.level, p.name AS parent, p.name_en AS parent_en, u.name AS unit,
    u.name_en AS unit_en, count(*) OVER () AS of, count(*) FILTER (WHERE f.risk = 'severe') OVER () AS severe
FROM cases c JOIN case_categories k ON k.id = c.category_id JOIN filing_conditions f ON f.id = c.condition_id
LEFT JOIN areas a ON a.id = coalesce(c.cell_id, c.area_id) LEFT JOIN areas p ON p.id = a.parent_id
LEFT JOIN units u ON u.id = c.unit_id
WHERE c.district_id = :district AND open_state(c.state) AND (f.risk = 'severe'
    OR f.control_amount IS NOT NULL AND NOT coalesce((c.stand ->> 'controlled')::boolean, false))
ORDER BY f.risk = 'severe' DESC, c.due_at NULLS LAST, c.id LIMIT :limit
