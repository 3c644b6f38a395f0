-- 处置, 延期, 挂账, 反复. How long it took runs from being given to the unit, or back to it, by the clock on the wall.
handling AS (
    SELECT n.name, m.case_id, m.version, m.at, m.area_no, m.post_id, m.account_id,
        -- 反复 is said of the unit that had the first of them.
        CASE WHEN m.move = 'link_root' AND m.whose_id IS NULL THEN (SELECT l.unit_id FROM case_transitions l WHERE l.case_id = m.root_id
            AND l.unit_id IS NOT NULL AND l.at < m.at AND l.recorded_at <= :known_at ORDER BY l.version DESC LIMIT 1)
            ELSE m.whose_id END AS unit_id,
        CASE WHEN m.hands_in THEN CAST(floor(extract(epoch FROM m.at - m.begun_at)) AS bigint) END AS seconds
    FROM judged m CROSS JOIN LATERAL (VALUES
        ('handled', m.hands_in),
        ('handled_in_time', m.hands_in AND (NOT m.late OR m.excused)),
        ('handled_late', m.hands_in AND m.late),
        ('exempted', m.hands_in AND m.late AND m.excused),
        ('handled_extended', m.hands_in AND m.extended_no > 0),
        ('reworked', m.hands_in AND m.failed),
        ('extensions', m.move = 'grant_extension'),
        ('suspensions', m.move = 'grant_suspension'),
        ('repeated', m.move = 'link_root')
    ) AS n (name, holds)
    WHERE n.holds AND m.move IN ('give_feedback', 'pass_inside', 'grant_extension', 'grant_suspension', 'link_root')
)
