-- What the map shows, gathered by cell and set at the place of its name, so that no house can be told from it.
SELECT x.id, round(ST_X(ST_Transform(x.label_3857, 4490))::numeric, 5)::float8 AS lon,
    round(ST_Y(ST_Transform(x.label_3857, 4490))::numeric, 5)::float8 AS lat, n.late, n.urgent, n.first
FROM (
    SELECT c.cell_id, count(*) FILTER (WHERE c.state <> 'suspended' AND c.due_at < :now) AS late,
        count(*) FILTER (WHERE f.risk = 'severe' OR f.control_amount IS NOT NULL
            AND NOT coalesce((c.stand ->> 'controlled')::boolean, false)) AS urgent,
        count(*) FILTER (WHERE c.category_id = ANY (:first) AND c.state <> 'suspended' AND c.due_at < :now) AS first
    FROM cases c LEFT JOIN filing_conditions f ON f.id = c.condition_id
    WHERE c.district_id = :district AND open_state(c.state) AND c.cell_id IS NOT NULL
        AND NOT c.category_id = ANY (:numbers)
    GROUP BY c.cell_id
) n JOIN areas x ON x.id = n.cell_id WHERE n.late > 0 OR n.urgent > 0 ORDER BY x.id LIMIT 2000
