-- Writing the registry by hand: what was acknowledged is never done twice, and what is taken back of a person is remembered nowhere.

CREATE TABLE element_keys (
    client_id uuid PRIMARY KEY,
    account_id integer,
    element_id bigint NOT NULL REFERENCES elements ON DELETE CASCADE
);
CREATE INDEX ix_element_keys_element_id ON element_keys (element_id);
ALTER TABLE element_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY element_keys_own ON element_keys FOR SELECT TO panlong_app USING (account_id = (SELECT acting_account()));
CREATE POLICY element_keys_made ON element_keys FOR INSERT TO panlong_app WITH CHECK (account_id = (SELECT acting_account()));
GRANT SELECT, INSERT ON element_keys TO panlong_app;

-- The household of a code. It may have members whom the one who acts does not see, and neither says so.
CREATE FUNCTION household_of(of_district integer, of_code text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE found bigint;
BEGIN
    IF NOT (acting_account() IS NULL OR keeps_persons()) THEN
        RAISE EXCEPTION 'not in sight' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO households (district_id, code) VALUES (of_district, of_code) ON CONFLICT (district_id, code) DO NOTHING;
    SELECT id INTO found FROM households WHERE district_id = of_district AND code = of_code;
    RETURN found;
END $$;

-- A need that is taken back is taken out of what is remembered too: nothing else would ever delete it there.
CREATE FUNCTION forget_need(of_person bigint, of_need text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE there boolean;
BEGIN
    IF NOT coalesce(element_mine(of_person), false) THEN RETURN false; END IF;
    DELETE FROM person_needs WHERE person_id = of_person AND need = of_need;
    there := FOUND;
    UPDATE element_changes SET before = jsonb_set(before, '{needs}', (SELECT coalesce(jsonb_agg(n), '[]')
        FROM jsonb_array_elements(before -> 'needs') n WHERE n ->> 'need' <> of_need))
    WHERE element_id = of_person AND before ? 'needs';
    RETURN there;
END $$;

-- A person who asks for it is deleted at once, with the records that were merged into theirs and a household that nobody is left in.
CREATE FUNCTION delete_person(of_person bigint) RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE gone bigint[]; homes bigint[];
BEGIN
    IF NOT coalesce((SELECT element_mine(id) AND kind = 'person' FROM elements WHERE id = of_person), false) THEN RETURN '{}'; END IF;
    WITH RECURSIVE one AS (SELECT of_person AS id UNION SELECT e.id FROM one JOIN elements e ON e.merged_into = one.id)
    SELECT array_agg(one.id ORDER BY one.id), array_agg(DISTINCT p.household_id) INTO gone, homes FROM one JOIN persons p USING (id);
    DELETE FROM elements WHERE id = ANY (gone);
    DELETE FROM households h WHERE h.id = ANY (homes) AND NOT EXISTS (SELECT FROM persons p WHERE p.household_id = h.id);
    RETURN gone;
END $$;

-- Why something ended, beside what it was.
ALTER TABLE element_changes ADD note text CHECK (length(note) BETWEEN 1 AND 500);
CREATE FUNCTION note_change(of_element bigint, said text) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE element_changes SET note = said WHERE id = (SELECT max(id) FROM element_changes WHERE element_id = of_element)
        AND at = now() AND (acting_account() IS NULL OR element_mine(of_element))
$$;

-- Whoever has changed the registry says so: caches of it are over.
CREATE FUNCTION count_up_registry() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE data_versions SET version = version + 1 WHERE topic = 'registry' AND (acting_account() IS NULL OR acting_roles() <> '{}')
$$;

REVOKE EXECUTE ON FUNCTION household_of(integer, text), forget_need(bigint, text), delete_person(bigint), note_change(bigint, text), count_up_registry() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION household_of(integer, text), forget_need(bigint, text), delete_person(bigint), note_change(bigint, text), count_up_registry() TO panlong_app;
