-- The cases that moved in the period or stood open when it ended, as far as it was known at an instant. Among them are those of which
-- something was written down later: that they ended before the period did, nobody knew yet.
touched AS (
    SELECT m.case_id FROM cases_moved(:since, :until, :known_at, :first, :last) AS m (case_id)
    UNION
    SELECT c.id FROM cases c WHERE c.district_id = :district AND c.reported_at < :until AND (open_state(c.state) OR c.closed_at >= :until)
        AND (c.area_no BETWEEN :first AND :last
            OR c.id IN (SELECT r.case_id FROM case_areas r WHERE r.was_no BETWEEN :first AND :last AND r.since_at >= :until))
)
