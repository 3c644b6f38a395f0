-- 待核查: what somebody may look at who did not handle it, in the loops in which they check.
SELECT c.id FROM cases c
WHERE c.district_id = :district AND c.state = 'handled' AND c.loop = ANY (:loops) AND c.area_no <@ territory()
    AND NOT coalesce((c.stand ->> 'verified')::boolean, false)
    AND coalesce((c.stand ->> 'checker')::int, acting_account()) = acting_account()
    AND NOT coalesce(c.stand -> 'handled_by' @> to_jsonb(acting_account()), false)
ORDER BY c.id LIMIT :limit
