-- 派遣, 退回. Only what waited to be dispatched can have waited too long: an order by telephone and a ruling over a unit have no clock.
dispatching AS (
    SELECT n.name, m.case_id, m.version, m.at, m.area_no, m.whose_id AS unit_id, m.post_id, m.account_id, CAST(NULL AS bigint) AS seconds
    FROM judged m CROSS JOIN LATERAL (VALUES
        ('dispatched', m.move <> 'send_back'),
        ('dispatched_in_time', m.move <> 'send_back' AND NOT (m.late AND m.source = 'registered')),
        ('dispatched_rightly', m.move <> 'send_back' AND NOT m.misdirected),
        ('returned', m.move = 'send_back'),
        ('returns_refused', m.move = 'send_back' AND m.groundless)
    ) AS n (name, holds)
    WHERE n.holds AND m.move IN ('dispatch', 'phone_order', 'adjudicate', 'send_back')
)
