-- How the registry is walked, searched, merged, kept in step with the grid, and emptied when its time is over. What is asked over the
-- walls of rows runs as the owner and puts the same wall up itself: under row security neither && nor @> would use an index.

-- Found by words: every pair of letters of name and address, as with cases (0019). Flats are found through their building.
CREATE INDEX ix_elements_words ON elements USING gin (letter_pairs(search_text(name, address)))
    WHERE kind <> 'person' AND type <> 'dwelling' AND merged_into IS NULL;
CREATE INDEX ix_elements_listed ON elements (district_id, kind, type, id) WHERE merged_into IS NULL;
CREATE INDEX ix_access_log_subject ON access_log (subject_kind, subject_id, no) WHERE subject_kind = 'person';

-- A page of the elements that a search finds: those called so first, then those whose name begins so, then the others, each by id.
CREATE FUNCTION elements_found(of_district integer, said text, kinds text[], types text[], of_area bigint, box geometry,
    after_rank integer, after_id bigint, most integer)
RETURNS TABLE (id bigint, rank integer) LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = public, pg_temp
SET max_parallel_workers_per_gather = 0 SET jit = off AS $f$
DECLARE
    few constant integer := 5000; -- so many are ranked in no time
    whole constant boolean := whole_territory(); seen constant int8multirange := territory();
    units constant integer[] := acting_units(); persons constant boolean := reads_persons();
    wanted text := search_text(said, NULL); pairs bigint[]; patterns text[]; last bigint := (SELECT last_no FROM area_numbers WHERE no = of_area);
    wall constant text := $q$ e.district_id = $1 AND e.merged_into IS NULL AND ($2 IS NULL OR e.kind = ANY ($2))
        AND ($3 IS NULL OR e.type = ANY ($3)) AND ($4 IS NULL OR e.area_no BETWEEN $4 AND $5) AND ($6 IS NULL OR e.geom_3857 && $6)
        AND (e.kind <> 'person' OR $7) AND ($8 OR e.area_no <@ $9 OR e.unit_id = ANY ($10)) $q$;
    found text;
BEGIN
    IF said IS NULL THEN
        RETURN QUERY EXECUTE 'SELECT e.id, 0 FROM elements e WHERE ' || wall
            || CASE WHEN of_area IS NOT NULL OR whole THEN '' ELSE ' AND e.area_no >= lower($9) AND e.area_no < upper($9) ' END
            || ' AND ($11 IS NULL OR e.id > $11) ORDER BY e.id LIMIT $12'
        USING of_district, kinds, types, of_area, last, box, persons, whole, seen, units, after_id, most;
        RETURN;
    END IF;
    wanted := btrim(wanted, E' \n\t');
    SELECT array_agg(DISTINCT p), array_agg(DISTINCT '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%') INTO pairs, patterns
        FROM regexp_split_to_table(wanted, '\s+') AS word LEFT JOIN LATERAL unnest(letter_pairs(word)) AS p ON true WHERE word <> '';
    pairs := array_remove(pairs, NULL);
    -- One letter finds nothing by pairs: then only what is called just so.
    found := CASE WHEN pairs = '{}' OR pairs IS NULL THEN 'false' ELSE
        'letter_pairs(search_text(e.name, e.address)) @> $13 AND search_text(e.name, e.address) LIKE ALL ($14)' END;
    RETURN QUERY EXECUTE 'SELECT f.id, f.rank FROM (SELECT d.id, d.rank FROM ('
        || 'SELECT e.id, CASE WHEN lower(e.name) = $15 THEN 0 WHEN starts_with(lower(e.name), $15) THEN 1 ELSE 2 END AS rank FROM elements e WHERE '
        || wall || ' AND e.kind <> ''person'' AND e.type <> ''dwelling'' AND ' || found
        || ' UNION SELECT e.id, 0 FROM elements e WHERE ' || wall || ' AND e.code = upper($15) LIMIT $16) d) f'
        || ' WHERE $11 IS NULL OR (f.rank, f.id) > ($17, $11) ORDER BY f.rank, f.id LIMIT $12'
    USING of_district, kinds, types, of_area, last, box, persons, whole, seen, units, after_id, most, pairs, patterns, wanted, few, after_rank;
END $f$;

-- Persons by the beginning of their name, or by the keyed index of a number that one has.
CREATE FUNCTION persons_found(of_district integer, called text, of_identity bytea, of_phone bytea, after_id bigint, most integer)
RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER ROWS 20 SET search_path = public, pg_temp AS $$
    SELECT p.id FROM persons p JOIN elements e ON e.id = p.id
    WHERE p.district_id = of_district AND e.merged_into IS NULL AND (SELECT reads_persons())
        AND num_nonnulls(called, of_identity, of_phone) = 1
        AND (p.name LIKE regexp_replace(called, '([\\%_])', '\\\1', 'g') || '%' OR p.identity_index = of_identity OR p.phone_index = of_phone)
        AND ((SELECT whole_territory()) OR e.area_no <@ (SELECT territory())) AND (after_id IS NULL OR p.id > after_id)
    ORDER BY p.id LIMIT most
$$;

-- The relations around one element or case, ring by ring, through whatever the one who asks may see: at most `each` of a node and `most`
-- of a ring. `cut` says that a ring was not read to its end.
CREATE FUNCTION neighbourhood(of_element bigint, of_case bigint, depth integer, kinds text[], each integer, most integer)
RETURNS TABLE (ring integer, id bigint, kind text, source_id bigint, case_id bigint, target_id bigint, cut boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 200 SET search_path = public, pg_temp SET jit = off AS $f$
#variable_conflict use_column
DECLARE
    whole constant boolean := whole_territory(); seen constant int8multirange := territory();
    units constant integer[] := acting_units(); me constant integer := acting_account(); persons constant boolean := reads_persons();
    reached bigint[] := CASE WHEN of_element IS NULL THEN '{}' ELSE ARRAY[of_element] END;
    reached_cases bigint[] := CASE WHEN of_case IS NULL THEN '{}' ELSE ARRAY[of_case] END;
    known bigint[] := reached; known_cases bigint[] := reached_cases; step integer; rows record; here relations[]; read integer;
BEGIN
    FOR step IN 1..depth LOOP
        SELECT array_agg(f.r), count(*) INTO here, read FROM (
            SELECT r FROM (
                SELECT r, r.target_id AS other, NULL::bigint AS other_case FROM unnest(reached) n CROSS JOIN LATERAL
                    (SELECT * FROM relations r WHERE r.source_id = n AND r.to_on IS NULL ORDER BY r.kind, r.target_id LIMIT each) r
                UNION ALL SELECT r, r.source_id, r.case_id FROM unnest(reached) n CROSS JOIN LATERAL
                    (SELECT * FROM relations r WHERE r.target_id = n AND r.to_on IS NULL ORDER BY r.kind, r.source_id LIMIT each) r
                UNION ALL SELECT r, r.target_id, NULL FROM unnest(reached_cases) n CROSS JOIN LATERAL
                    (SELECT * FROM relations r WHERE r.case_id = n AND r.to_on IS NULL ORDER BY r.target_id LIMIT each) r
            ) w WHERE EXISTS (SELECT FROM elements e WHERE e.id = w.other AND (e.kind <> 'person' OR persons)
                    AND (whole OR e.area_no <@ seen OR e.unit_id = ANY (units)) AND (kinds IS NULL OR e.kind = ANY (kinds)))
                OR (kinds IS NULL OR 'case' = ANY (kinds)) AND EXISTS (SELECT FROM cases c WHERE c.id = w.other_case
                    AND (whole OR c.area_no <@ seen OR c.unit_id = ANY (units) OR c.handler_id = me))
            LIMIT most
        ) f;
        RETURN QUERY SELECT DISTINCT ON (h.id) step, h.id, h.kind, h.source_id, h.case_id, h.target_id, read = most
            FROM unnest(here) h ORDER BY h.id;
        SELECT coalesce(array_agg(DISTINCT x) FILTER (WHERE x <> ALL (known)), '{}') INTO reached
            FROM unnest(here) h CROSS JOIN LATERAL (VALUES (h.source_id), (h.target_id)) v (x);
        SELECT coalesce(array_agg(DISTINCT h.case_id) FILTER (WHERE h.case_id <> ALL (known_cases)), '{}') INTO reached_cases FROM unnest(here) h;
        EXIT WHEN reached = '{}' AND reached_cases = '{}';
        known := known || reached; known_cases := known_cases || reached_cases;
    END LOOP;
END $f$;

-- What lay where on a day of the past, or today.
CREATE FUNCTION elements_on(of_district integer, on_day date) RETURNS TABLE (id bigint, kind text, type text, area_no bigint)
LANGUAGE sql STABLE AS $$
    SELECT e.id, e.kind, e.type, coalesce((SELECT a.area_no FROM element_areas a WHERE a.element_id = e.id AND a.until_on > on_day
        ORDER BY a.until_on LIMIT 1), e.area_no)
    FROM elements e WHERE e.district_id = of_district AND daterange(e.valid_from_on, e.valid_to_on) @> on_day
        AND (e.merged_into IS NULL OR EXISTS (SELECT FROM element_merges m JOIN districts d ON d.id = of_district
            WHERE m.gone_id = e.id AND m.undone_at IS NULL AND (m.at AT TIME ZONE d.timezone)::date > on_day))
$$;

-- After the cells have changed: everything that lies elsewhere now, and what was only known to be in a cell that is no more.
CREATE FUNCTION relink_elements(of_district integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE moved bigint; without bigint;
BEGIN
    WITH elsewhere AS MATERIALIZED (
        SELECT e.id FROM elements e LEFT JOIN areas a ON a.id = cell_at(of_district, e.geom) WHERE e.district_id = of_district
            AND e.geom IS NOT NULL AND e.area_no <> coalesce(a.no, (SELECT no FROM area_numbers WHERE district_id = of_district AND parent_no IS NULL))
    ) UPDATE elements e SET geom = e.geom FROM elsewhere w WHERE w.id = e.id;
    GET DIAGNOSTICS moved = ROW_COUNT;
    UPDATE elements e SET area_no = n.parent_no FROM area_numbers n
    WHERE e.district_id = of_district AND e.geom IS NULL AND e.site_id IS NULL AND n.no = e.area_no AND n.level = 'cell' AND NOT EXISTS (
        SELECT FROM areas a JOIN grid_editions g ON g.id = a.edition_id WHERE a.no = n.no AND g.state = 'in_force');
    GET DIAGNOSTICS without = ROW_COUNT;
    RETURN moved + without;
END $$;

-- Two records of one thing become one. What hung on the one that goes hangs on the other now; what stood there already is put aside.
CREATE FUNCTION merge_elements(kept bigint, gone bigint, why text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE into_one elements; other elements; aside jsonb; of_source bigint[]; of_target bigint[]; made bigint;
BEGIN
    -- In the order of their ids, so that two who merge the same pair crosswise wait instead of locking each other out.
    PERFORM FROM elements WHERE id IN (kept, gone) ORDER BY id FOR NO KEY UPDATE;
    SELECT * INTO into_one FROM elements WHERE id = kept;
    SELECT * INTO other FROM elements WHERE id = gone;
    IF NOT coalesce(element_mine(kept) AND element_mine(gone), false) THEN
        RAISE EXCEPTION 'not in sight' USING ERRCODE = 'insufficient_privilege';
    ELSIF kept = gone OR into_one.kind <> other.kind OR num_nonnulls(into_one.merged_into, other.merged_into) > 0 THEN
        RAISE EXCEPTION 'these two are not one' USING ERRCODE = 'check_violation', CONSTRAINT = 'element_merges_fit';
    END IF;
    PERFORM remember_element(kept, 'merged'), remember_element(gone, 'merged');
    WITH twice AS (
        SELECT r.id FROM relations r WHERE gone IN (r.source_id, r.target_id) AND (
            kept IN (r.source_id, r.target_id)
            OR r.kind IN ('lives_in', 'located_in') AND r.source_id = gone AND r.to_on IS NULL AND EXISTS (SELECT FROM relations o
                WHERE o.source_id = kept AND o.kind IN ('lives_in', 'located_in') AND o.to_on IS NULL)
            OR EXISTS (SELECT FROM relations o WHERE o.kind = r.kind AND o.id <> r.id
                AND (r.source_id = gone AND o.source_id = kept AND o.target_id = r.target_id AND o.from_on = r.from_on
                    OR r.target_id = gone AND o.target_id = kept AND (o.source_id = r.source_id AND o.from_on = r.from_on OR o.case_id = r.case_id))))
    ), deleted AS (DELETE FROM relations r USING twice t WHERE r.id = t.id RETURNING r.*)
    SELECT coalesce(jsonb_agg(to_jsonb(d)), '[]') INTO aside FROM deleted d;
    WITH moved AS (UPDATE relations SET source_id = kept WHERE source_id = gone RETURNING id) SELECT array_agg(id) INTO of_source FROM moved;
    WITH moved AS (UPDATE relations SET target_id = kept WHERE target_id = gone RETURNING id) SELECT array_agg(id) INTO of_target FROM moved;
    UPDATE elements SET merged_into = kept, version = version + 1 WHERE id = gone;
    UPDATE elements SET version = version + 1 WHERE id = kept;
    INSERT INTO element_merges (kept_id, gone_id, account_id, reason, moved) VALUES (kept, gone, acting_account(), why,
        jsonb_build_object('sources', coalesce(to_jsonb(of_source), '[]'), 'targets', coalesce(to_jsonb(of_target), '[]'), 'aside', aside))
    RETURNING id INTO made;
    RETURN made;
END $$;

-- The merger undone: what was moved goes back if it is still there, what was put aside comes back if its ends are.
CREATE FUNCTION part_elements(of_merge bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE m element_merges;
BEGIN
    SELECT * INTO m FROM element_merges WHERE id = of_merge FOR UPDATE;
    IF NOT FOUND OR NOT coalesce(element_mine(m.kept_id) AND element_mine(m.gone_id), false) THEN
        RAISE EXCEPTION 'not in sight' USING ERRCODE = 'insufficient_privilege';
    ELSIF m.undone_at IS NOT NULL OR EXISTS (SELECT FROM elements WHERE id = m.kept_id AND merged_into IS NOT NULL) THEN
        RAISE EXCEPTION 'that merger does not stand' USING ERRCODE = 'check_violation', CONSTRAINT = 'element_merges_stands';
    END IF;
    PERFORM FROM elements WHERE id IN (m.kept_id, m.gone_id) ORDER BY id FOR NO KEY UPDATE;
    PERFORM remember_element(m.kept_id, 'parted'), remember_element(m.gone_id, 'parted');
    UPDATE relations SET source_id = m.gone_id WHERE source_id = m.kept_id AND id IN (SELECT value::bigint FROM jsonb_array_elements_text(m.moved -> 'sources'));
    UPDATE relations SET target_id = m.gone_id WHERE target_id = m.kept_id AND id IN (SELECT value::bigint FROM jsonb_array_elements_text(m.moved -> 'targets'));
    INSERT INTO relations OVERRIDING SYSTEM VALUE SELECT r.* FROM jsonb_populate_recordset(NULL::relations, m.moved -> 'aside') r
    WHERE EXISTS (SELECT FROM elements WHERE id = r.target_id) AND (r.case_id IS NOT NULL OR EXISTS (SELECT FROM elements WHERE id = r.source_id))
    ON CONFLICT DO NOTHING;
    UPDATE elements SET merged_into = NULL WHERE id = m.gone_id;
    UPDATE elements SET version = version + 1 WHERE id IN (m.kept_id, m.gone_id);
    UPDATE element_merges SET undone_at = now(), undone_by = acting_account() WHERE id = of_merge;
END $$;

-- Who has looked at a person's record, when and what for: for those who would have to tell that person.
CREATE FUNCTION person_looks(of_person bigint, before_no bigint, most integer)
RETURNS TABLE (no bigint, at timestamptz, account_name text, action text, facts jsonb)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 50 SET search_path = public, pg_temp AS $$
    SELECT l.no, l.at, l.account_name, l.action, l.facts FROM access_log l
    WHERE l.subject_kind = 'person' AND l.subject_id = of_person::text AND (before_no IS NULL OR l.no < before_no)
        AND keeps_persons() AND EXISTS (SELECT FROM elements e WHERE e.id = of_person AND e.area_no <@ territory())
    ORDER BY l.no DESC LIMIT most
$$;

-- Whose time is over on a day: whole persons, and single needs of others. The same list is what is shown beforehand and what is deleted.
CREATE FUNCTION retention_over(of_district integer, on_day date) RETURNS TABLE (person_id bigint, need text) LANGUAGE sql STABLE AS $$
    SELECT p.id, NULL FROM persons p WHERE p.district_id = of_district AND p.retain_until_on < on_day
    UNION ALL
    SELECT n.person_id, n.need FROM person_needs n JOIN persons p ON p.id = n.person_id
    WHERE p.district_id = of_district AND n.retain_until_on < on_day AND p.retain_until_on >= on_day
    ORDER BY 1, 2
$$;
CREATE FUNCTION retention_delete(of_district integer, on_day date) RETURNS TABLE (person_id bigint, need text) LANGUAGE plpgsql AS $$
BEGIN
    CREATE TEMP TABLE over_now ON COMMIT DROP AS SELECT * FROM retention_over(of_district, on_day);
    DELETE FROM person_needs n USING over_now o WHERE n.person_id = o.person_id AND n.need = o.need;
    -- Nor does the record of what was before tell of it.
    UPDATE element_changes c SET before = jsonb_set(before, '{needs}', (SELECT coalesce(jsonb_agg(n), '[]') FROM jsonb_array_elements(before -> 'needs') n
        WHERE NOT EXISTS (SELECT FROM over_now o WHERE o.person_id = c.element_id AND o.need = n ->> 'need')))
    WHERE before ? 'needs' AND element_id IN (SELECT o.person_id FROM over_now o WHERE o.need IS NOT NULL);
    DELETE FROM elements e USING over_now o WHERE e.id = o.person_id AND o.need IS NULL;
    DELETE FROM households h WHERE h.district_id = of_district AND NOT EXISTS (SELECT FROM persons p WHERE p.household_id = h.id);
    RETURN QUERY SELECT * FROM over_now;
    DROP TABLE over_now;
END $$;

REVOKE EXECUTE ON FUNCTION elements_found(integer, text, text[], text[], bigint, geometry, integer, bigint, integer),
    persons_found(integer, text, bytea, bytea, bigint, integer), neighbourhood(bigint, bigint, integer, text[], integer, integer),
    relink_elements(integer), merge_elements(bigint, bigint, text), part_elements(bigint), person_looks(bigint, bigint, integer),
    retention_over(integer, date), retention_delete(integer, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION elements_found(integer, text, text[], text[], bigint, geometry, integer, bigint, integer),
    persons_found(integer, text, bytea, bytea, bigint, integer), neighbourhood(bigint, bigint, integer, text[], integer, integer),
    merge_elements(bigint, bigint, text), part_elements(bigint), person_looks(bigint, bigint, integer) TO panlong_app;

ALTER TABLE data_versions DROP CONSTRAINT data_versions_topic_check,
    ADD CONSTRAINT data_versions_topic_check CHECK (topic IN ('areas', 'ground', 'cases', 'reference', 'registry'));
INSERT INTO data_versions (topic) VALUES ('registry');
