-- Open and late cases that are at each unit.
SELECT u.id, u.name, u.name_en, u.kind, count(*) AS open,
    count(*) FILTER (WHERE c.state <> 'suspended' AND c.due_at < :now) AS overdue
FROM cases c JOIN units u ON u.id = c.unit_id
WHERE c.district_id = :district AND open_state(c.state) AND c.state IN ('dispatched', 'handling', 'suspended')
GROUP BY u.id ORDER BY u.id LIMIT 2000
