DROP FUNCTION desk_at(integer, timestamptz), hours_hold(time, time, time);
DROP TABLE handovers, takeovers, duty_spells, shifts;
DROP FUNCTION keep_handover(), check_takeover();
ALTER TABLE units DROP CONSTRAINT units_hours, DROP opens_at, DROP closes_at, DROP night_unit_id;
DELETE FROM assignments WHERE kind = 'stand_in';
DELETE FROM post_holders WHERE leave_id IS NOT NULL;
DROP TRIGGER assignments_stand_in ON assignments;
DROP TRIGGER assignments_stand_in_longer ON assignments;
DROP TRIGGER assignments_trim ON assignments;
DROP TRIGGER post_holders_stand_in ON post_holders;
DROP TRIGGER post_holders_stand_in_longer ON post_holders;
DROP TRIGGER post_holders_trim ON post_holders;
DROP FUNCTION trim_stand_ins();
ALTER TABLE assignments DROP CONSTRAINT assignments_kind_check, DROP CONSTRAINT assignments_officer, DROP CONSTRAINT assignments_stand_in, DROP leave_id,
    ADD CONSTRAINT assignments_kind_check CHECK (kind IN ('full_time', 'professional', 'part_time')),
    ADD CONSTRAINT assignments_check1 CHECK ((kind = 'full_time') = (duty = 'grid_officer'));
ALTER TABLE post_holders DROP leave_id;
DROP TABLE leaves;
DROP FUNCTION check_stand_in(), leave_changed();
ALTER FUNCTION check_assignment() SECURITY INVOKER RESET ALL;
ALTER FUNCTION assignment_changed() SECURITY INVOKER RESET ALL;
ALTER FUNCTION holder_changed() SECURITY INVOKER RESET ALL;
ALTER FUNCTION post_areas_changed() SECURITY INVOKER RESET ALL;
ALTER FUNCTION part_powers() SECURITY INVOKER RESET ALL;
