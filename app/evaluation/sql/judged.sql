-- The moves of the period, with what later moves of the same case have come to say of them.
judged AS (
    SELECT t.*, coalesce(t.entered_at > t.due_before, false) AS late,
        t.move IN ('register', 'self_handle') OR t.move = 'phone_order' AND t.source = 'reported' AS registers,
        t.move IN ('give_feedback', 'pass_inside') AS hands_in,
        t.move IN ('close', 'force_close') AS ends,
        -- 申诉成立 of the end that followed: the lateness stays a fact and no longer counts.
        (t.case_id, t.ended_no + 1) IN (SELECT a.case_id, a.ended_no FROM told a WHERE a.move = 'uphold_appeal') AS excused,
        (t.case_id, t.given_no) IN (SELECT u.case_id, u.given_no FROM told u WHERE u.move = 'uphold_return') AS misdirected,
        (t.case_id, t.given_no) IN (SELECT u.case_id, u.given_no FROM told u WHERE u.move = 'refuse_return') AS groundless,
        (t.case_id, t.done_no) IN (SELECT f.case_id, f.done_no FROM told f WHERE f.move = 'verify_fail') AS failed,
        (t.case_id, t.ended_no) IN (SELECT r.case_id, r.ended_no FROM told r WHERE r.move = 'reopen') AS undone,
        t.case_id IN (SELECT r.case_id FROM told r WHERE r.move = 'reclassify' OR r.move = 'void' AND r.source = 'registered') AS misfiled,
        t.case_id IN (SELECT r.case_id FROM told r WHERE r.move IN ('register', 'self_handle', 'phone_order', 'merge', 'unmerge')
            GROUP BY r.case_id HAVING bool_or(r.move NOT IN ('merge', 'unmerge'))
                OR count(*) FILTER (WHERE r.move = 'merge') > count(*) FILTER (WHERE r.move = 'unmerge')) AS well_founded,
        -- The end of a case is late where the last handling before it was, or where it was ended by force past its time.
        (t.case_id, t.done_no) IN (SELECT h.case_id, h.done_no FROM told h
            WHERE h.move IN ('give_feedback', 'pass_inside') AND h.entered_at > h.due_before
                AND (h.case_id, h.ended_no + 1) NOT IN (SELECT a.case_id, a.ended_no FROM told a WHERE a.move = 'uphold_appeal')) AS was_late
    FROM told t WHERE t.at >= :since AND t.at < :until AND t.area_no BETWEEN :first AND :last
)
