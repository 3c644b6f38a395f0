DROP TABLE element_merges, element_areas, element_changes, relations, person_needs, need_types, persons, households, organisations, city_objects,
    places, seal_keys, elements, element_types CASCADE;
DROP FUNCTION place_element(), carry_elements(), follow_relations(), remember_element(bigint, text), reads_persons(), edits_registry(),
    keeps_persons(), know_seal_key(integer, text, bytea);
