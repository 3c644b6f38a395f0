-- Open cases of some loops of which something may have to be decided: asked for, returned too often without a ruling, or at
-- the unit although twice the time is used up (which the clocks note once, as an alarm).
SELECT * FROM (
    SELECT c.id, c.state, c.loop, c.version, c.unit_id AS unit, c.stand, c.due_at, c.area_no <@ territory() AS within,
        c.stand -> 'pending' ?| CAST(:asked AS text[]) AS asked,
        coalesce((c.stand ->> 'returns')::int, 0) >= :returns
            AND NOT EXISTS (SELECT FROM case_transitions t WHERE t.case_id = c.id AND t.move = 'adjudicate') AS unruled,
        c.state IN ('dispatched', 'handling') AND c.due_at < now() AND EXISTS (SELECT FROM case_alarms l
            WHERE l.case_id = c.id AND l.kind = 'severe' AND l.stage = 'handling' AND l.at > c.due_at) AS stuck
    FROM cases c WHERE c.district_id = :district AND open_state(c.state) AND c.loop = ANY (:loops) AND c.version > 0
) x WHERE asked OR unruled OR stuck ORDER BY due_at NULLS LAST, id LIMIT :limit
