DROP FUNCTION household_of(integer, text), forget_need(bigint, text), delete_person(bigint), note_change(bigint, text), count_up_registry();
ALTER TABLE element_changes DROP note;
DROP TABLE element_keys;
