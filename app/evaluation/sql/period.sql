-- What was done in a period, counted by {key}: from the log, each move as it was recorded. Cases come with all their moves, so
-- that a feedback is held against the due time that stood before it.
WITH touched AS (
    SELECT DISTINCT case_id FROM case_transitions t
    WHERE t.at >= :since AND t.at < :until AND t.area_no BETWEEN :first AND :last
), told AS (
    SELECT t.case_id, t.version, t.move, t.source, t.target, t.seats, t.area_no, t.at,
        coalesce(t.unit_id, lag(t.unit_id) OVER w) AS unit_id,
        CAST(lag(t.facts ->> 'due_at') OVER w AS timestamptz) AS due_before,
        t.given -> 'satisfied' AS satisfied
    FROM case_transitions t WHERE t.case_id IN (SELECT case_id FROM touched)
    WINDOW w AS (PARTITION BY t.case_id ORDER BY t.version)
), done AS (
    SELECT {key} AS done_key,
        count(*) FILTER (WHERE t.move = 'report') AS reported,
        count(*) FILTER (WHERE t.move = 'report' AND 'patrol' = ANY (t.seats)) AS by_patrol,
        count(*) FILTER (WHERE t.move IN ('register', 'self_handle') OR t.move = 'phone_order' AND t.source = 'reported') AS registered,
        count(*) FILTER (WHERE t.move = 'decline') AS declined,
        count(*) FILTER (WHERE t.move IN ('dispatch', 'phone_order', 'adjudicate')) AS dispatched,
        count(*) FILTER (WHERE t.move IN ('give_feedback', 'pass_inside')) AS handled,
        count(*) FILTER (WHERE t.move IN ('give_feedback', 'pass_inside') AND t.at <= t.due_before) AS handled_in_time,
        count(*) FILTER (WHERE t.move IN ('close', 'force_close')) AS closed,
        count(*) FILTER (WHERE t.move = 'verify_fail') AS reworked,
        count(*) FILTER (WHERE t.move = 'reopen') AS reopened,
        count(*) FILTER (WHERE t.move = 'send_back') AS returned,
        count(*) FILTER (WHERE t.move = 'refuse_return') AS returns_refused,
        count(*) FILTER (WHERE t.move = 'grant_extension') AS extensions,
        count(*) FILTER (WHERE t.move = 'grant_suspension') AS suspensions,
        count(*) FILTER (WHERE t.satisfied IS NOT NULL) AS asked_satisfied,
        count(*) FILTER (WHERE t.satisfied = 'true') AS satisfied
    FROM told t {join} WHERE t.at >= :since AND t.at < :until AND t.area_no BETWEEN :first AND :last GROUP BY 1
), late AS (
    -- Where each case stood when the period ended: with a unit, and past its time.
    SELECT {key} AS late_key, count(*) AS late_open
    FROM (
        SELECT s.case_id, s.unit_id, s.area_no, s.state, CAST(s.facts ->> 'due_at' AS timestamptz) AS due_at
        FROM (
            SELECT c.id FROM cases c WHERE c.district_id = :district AND c.reported_at < :until
                AND (c.area_no BETWEEN :first AND :last
                    OR c.id IN (SELECT r.case_id FROM case_areas r WHERE r.was_no BETWEEN :first AND :last AND r.since_at >= :until))
                AND (open_state(c.state) OR c.closed_at >= :until)
        ) c CROSS JOIN LATERAL (
            SELECT l.case_id, l.unit_id, l.target AS state, l.facts, coalesce((SELECT r.area_no FROM case_areas r
                WHERE r.case_id = l.case_id AND r.since_at > l.at AND r.since_at < :until ORDER BY r.since_at DESC LIMIT 1), l.area_no) AS area_no
            FROM case_transitions l WHERE l.case_id = c.id AND l.at < :until ORDER BY l.version DESC LIMIT 1
        ) s
    ) t {join} WHERE t.area_no BETWEEN :first AND :last AND t.state IN ('dispatched', 'handling') AND t.due_at < least(CAST(:until AS timestamptz), CAST(:now AS timestamptz)) GROUP BY 1
)
SELECT coalesce(done_key, late_key) AS key, done.*, coalesce(late.late_open, 0) AS late_open
FROM done FULL JOIN late ON coalesce(late_key, '') = coalesce(done_key, '') ORDER BY 1 LIMIT :limit
