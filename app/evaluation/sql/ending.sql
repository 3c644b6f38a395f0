-- 核查, 结案, 回访. Of the looks at one handling only the first has a clock.
ending AS (
    SELECT n.name, m.case_id, m.version, m.at, m.area_no, m.whose_id AS unit_id, m.post_id, m.account_id, CAST(NULL AS bigint) AS seconds
    FROM (
        SELECT j.*, j.move IN ('verify_pass', 'verify_fail') AND (j.case_id, j.checked_no) IN (
            SELECT k.case_id, min(k.checked_no) FROM told k WHERE k.move IN ('verify_pass', 'verify_fail') GROUP BY k.case_id, k.done_no) AS looks,
            j.was_late OR j.move = 'force_close' AND j.source <> 'handled' AND j.late AS ends_late
        FROM judged j WHERE j.move IN ('verify_pass', 'verify_fail', 'close', 'force_close', 'call_back')
    ) m CROSS JOIN LATERAL (VALUES
        ('checked', m.looks),
        ('checked_in_time', m.looks AND NOT m.late),
        ('passed', m.looks AND m.move = 'verify_pass'),
        ('closed', m.ends),
        ('closed_in_time', m.ends AND NOT m.ends_late),
        ('closed_late', m.ends AND m.ends_late),
        ('reopened', m.ends AND m.undone),
        ('asked_satisfied', m.satisfied IS NOT NULL),
        ('satisfied', m.satisfied = 'true')
    ) AS n (name, holds)
    WHERE n.holds
)
