-- What waits for somebody's decision in all that is in sight, whoever has to give it.
SELECT count(*) FILTER (WHERE pending ? 'return') AS "return", count(*) FILTER (WHERE pending ? 'extension') AS extension,
    count(*) FILTER (WHERE pending ? 'suspension') AS suspension, count(*) FILTER (WHERE pending ? 'up') AS up,
    count(*) FILTER (WHERE unruled) AS ruling, count(*) FILTER (WHERE stuck) AS force_close,
    count(*) FILTER (WHERE pending ? 'supervision') AS supervision
FROM (
    SELECT coalesce(c.stand -> 'pending', '{}') AS pending,
        coalesce((c.stand ->> 'returns')::int, 0) >= :returns AND c.state IN ('registered', 'dispatched', 'handling')
            AND NOT EXISTS (SELECT FROM case_transitions t WHERE t.case_id = c.id AND t.move = 'adjudicate') AS unruled,
        c.state IN ('dispatched', 'handling') AND c.due_at < now() AND EXISTS (SELECT FROM case_alarms l
            WHERE l.case_id = c.id AND l.kind = 'severe' AND l.stage = 'handling' AND l.at > c.due_at) AS stuck
    FROM cases c WHERE c.district_id = :district AND open_state(c.state)
) x
