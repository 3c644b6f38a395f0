-- The cases that moved in the period or stood open when it ended, as far as it was known at an instant.
touched AS (
    SELECT t.case_id FROM case_transitions t
    WHERE t.at >= :since AND t.at < :until AND t.recorded_at <= :known_at AND t.area_no BETWEEN :first AND :last
    UNION
    SELECT c.id FROM cases c WHERE c.district_id = :district AND c.reported_at < :until AND (open_state(c.state) OR c.closed_at >= :until)
        AND (c.area_no BETWEEN :first AND :last
            OR c.id IN (SELECT r.case_id FROM case_areas r WHERE r.was_no BETWEEN :first AND :last AND r.since_at >= :until))
    UNION -- Ended before the period did, but nobody had written it down yet.
    SELECT t.case_id FROM case_transitions t WHERE t.at < :until AND t.recorded_at > :known_at AND t.area_no BETWEEN :first AND :last
)
