-- 上报, 核实, 立案.
filing AS (
    SELECT n.name, m.case_id, m.version, m.at, m.area_no, m.whose_id AS unit_id, m.post_id, m.account_id, CAST(NULL AS bigint) AS seconds
    FROM judged m CROSS JOIN LATERAL (VALUES
        ('reported', m.move = 'report'),
        ('by_patrol', m.move = 'report' AND 'patrol' = ANY (m.seats)),
        ('well_founded', m.move = 'report' AND m.well_founded),
        ('confirmed', m.move IN ('confirm_true', 'confirm_false')),
        ('confirmed_in_time', m.move IN ('confirm_true', 'confirm_false') AND NOT m.late),
        ('registered', m.registers),
        ('registered_in_time', m.registers AND NOT m.late),
        ('registered_rightly', m.registers AND NOT m.misfiled),
        ('declined', m.move = 'decline')
    ) AS n (name, holds)
    WHERE n.holds AND m.move IN ('report', 'confirm_true', 'confirm_false', 'register', 'self_handle', 'phone_order', 'decline')
)
