DROP FUNCTION sampled_dispatches(integer, bigint, integer);
DROP INDEX ix_case_transitions_sampled;
DROP POLICY case_transitions_automatic ON case_transitions;
DROP FUNCTION reported_just_now(bigint), withdraw_ruling(bigint), write_ruling(bigint), routing_units(integer, bigint, integer[]),
    maintained_at(integer, geometry, integer, date);
DROP TABLE dispatch_policies, routing_rules, maintenance_areas;
DROP FUNCTION reach_out(), administers_system(), works_with_cases();
ALTER TABLE units DROP successor_id;
