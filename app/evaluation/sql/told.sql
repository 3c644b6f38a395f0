-- The log of cases as far as it was known at an instant. A move that was taken back was never made. Each row has what stood before
-- it, and the number of the turn that it belongs to.
known AS (
    SELECT t.case_id, t.version, t.move, t.source, t.target, t.seats, t.area_no, t.unit_id, t.post_id, t.account_id, t.at,
        -- What is entered later is judged by when it was entered; a minute is what a transaction may take.
        CASE WHEN t.recorded_at > t.at + interval '1 minute' THEN t.recorded_at ELSE t.at END AS entered_at,
        CAST(t.facts ->> 'due_at' AS timestamptz) AS due_at, CAST(t.given ->> 'ordered_at' AS timestamptz) AS ordered_at,
        CAST(t.given ->> 'root' AS bigint) AS root_id, t.given -> 'satisfied' AS satisfied,
        lead(t.move) OVER (PARTITION BY t.case_id ORDER BY t.version) AS followed_by
    FROM case_transitions t WHERE t.case_id IN (SELECT case_id FROM {cases}) AND t.recorded_at <= :known_at
), told AS (
    SELECT k.*, lag(k.due_at) OVER w AS due_before, coalesce(k.unit_id, lag(k.unit_id) OVER w) AS whose_id,
        max(k.version) FILTER (WHERE k.at < :until) OVER (PARTITION BY k.case_id) = k.version AS stands,
        -- Given to a unit, said to be done, looked at, ended: how often so far.
        count(*) FILTER (WHERE k.move IN ('dispatch', 'phone_order', 'adjudicate')) OVER w AS given_no,
        count(*) FILTER (WHERE k.move IN ('give_feedback', 'pass_inside', 'self_handle')) OVER w AS done_no,
        count(*) FILTER (WHERE k.move IN ('verify_pass', 'verify_fail')) OVER w AS checked_no,
        count(*) FILTER (WHERE k.move IN ('close', 'force_close')) OVER w AS ended_no,
        count(*) FILTER (WHERE k.move = 'grant_extension') OVER w AS extended_no,
        max(CASE WHEN k.move IN ('dispatch', 'phone_order', 'adjudicate') THEN least(k.at, k.ordered_at)
            WHEN k.move = 'verify_fail' THEN k.at END) OVER w AS begun_at
    FROM known k WHERE k.move <> 'undo' AND k.followed_by IS DISTINCT FROM 'undo'
    WINDOW w AS (PARTITION BY k.case_id ORDER BY k.version)
)
