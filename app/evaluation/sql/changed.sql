-- Of those, the ones of whose log more was written between two instants: nothing else can count otherwise than before.
changed AS (
    SELECT case_id FROM touched
    INTERSECT SELECT t.case_id FROM case_transitions t WHERE t.recorded_at > :changed_after AND t.recorded_at <= :changed_before
)
