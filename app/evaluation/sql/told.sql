-- The log of each of these cases as far as it was known at an instant. A move that was taken back was never made. Each row has what
-- stood before it, and the number of the turn that it belongs to. Case by case, by the key: the logs of all others are not read.
told AS (
    SELECT w.* FROM (SELECT DISTINCT case_id FROM {cases}) c CROSS JOIN LATERAL (
        SELECT k.*, lag(k.due_at) OVER w AS due_before, coalesce(k.unit_id, lag(k.unit_id) OVER w) AS whose_id,
            max(k.version) FILTER (WHERE k.at < :until) OVER () = k.version AS stands,
            -- Given to a unit, said to be done, looked at, ended: how often so far.
            count(*) FILTER (WHERE k.move IN ('dispatch', 'phone_order', 'adjudicate')) OVER w AS given_no,
            count(*) FILTER (WHERE k.move IN ('give_feedback', 'pass_inside', 'self_handle')) OVER w AS done_no,
            count(*) FILTER (WHERE k.move IN ('verify_pass', 'verify_fail')) OVER w AS checked_no,
            count(*) FILTER (WHERE k.move IN ('close', 'force_close')) OVER w AS ended_no,
            count(*) FILTER (WHERE k.move = 'grant_extension') OVER w AS extended_no,
            max(CASE WHEN k.move IN ('dispatch', 'phone_order', 'adjudicate') THEN least(k.at, k.ordered_at)
                WHEN k.move = 'verify_fail' THEN k.at END) OVER w AS begun_at
        FROM (
            SELECT t.case_id, t.version, t.move, t.source, t.target, t.seats, t.area_no, t.unit_id, t.post_id, t.account_id, t.at,
                -- What is entered later is judged by when it was entered; a minute is what a transaction may take.
                CASE WHEN t.recorded_at > t.at + interval '1 minute' THEN t.recorded_at ELSE t.at END AS entered_at,
                CAST(t.facts ->> 'due_at' AS timestamptz) AS due_at, CAST(t.given ->> 'ordered_at' AS timestamptz) AS ordered_at,
                CAST(t.given ->> 'root' AS bigint) AS root_id, t.given -> 'satisfied' AS satisfied,
                lead(t.move) OVER (ORDER BY t.version) AS followed_by
            FROM case_transitions t WHERE t.case_id = c.case_id AND t.recorded_at <= :known_at
        ) k WHERE k.move <> 'undo' AND k.followed_by IS DISTINCT FROM 'undo'
        WINDOW w AS (ORDER BY k.version)
    ) w
)
