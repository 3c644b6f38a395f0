-- Where cases stood when the period ended, or at the instant that is asked about: what was owed by then and not done.
stood AS (
    SELECT t.case_id, t.version, t.target AS state, t.at, t.unit_id, t.extended_no, coalesce((SELECT r.area_no FROM case_areas r
            WHERE r.case_id = t.case_id AND r.since_at > t.at AND r.since_at < :until AND r.since_at <= :known_at
            ORDER BY r.since_at DESC LIMIT 1), t.area_no) AS area_no,
        coalesce(t.due_at < least(CAST(:until AS timestamptz), CAST(:known_at AS timestamptz)), false) AS late,
        (t.case_id, t.done_no) IN (SELECT k.case_id, k.done_no FROM told k
            WHERE k.move IN ('verify_pass', 'verify_fail') AND k.at < :until) AS looked_at
    FROM told t WHERE t.stands AND open_state(t.target)
), standing AS (
    SELECT n.name, s.case_id, s.version, s.at, s.area_no, s.unit_id, CAST(NULL AS integer) AS post_id,
        CAST(NULL AS integer) AS account_id, CAST(NULL AS bigint) AS seconds
    FROM stood s CROSS JOIN LATERAL (VALUES
        ('unfiled_late', s.state = 'reported' AND s.late),
        ('unconfirmed_late', s.state = 'confirming' AND s.late),
        ('undispatched_late', s.state = 'registered' AND s.late),
        ('late_open', s.state IN ('dispatched', 'handling') AND s.late),
        ('late_open_extended', s.state IN ('dispatched', 'handling') AND s.late AND s.extended_no > 0),
        ('suspended_open', s.state = 'suspended'),
        ('unchecked_late', s.state = 'handled' AND s.late AND NOT s.looked_at),
        ('unclosed', s.state = 'handled')
    ) AS n (name, holds)
    WHERE n.holds AND s.area_no BETWEEN :first AND :last
)
