-- Addresses are found by how they are written in one way, see app/registry/rules/addresses.py, whose `plain` this function is; what a
-- header meant is remembered; relations come in from files too.

CREATE FUNCTION plain_address(said text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 100 SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    counted constant text := '(?=[栋幢座号单楼层室组弄巷区期]|单元|号楼)'; digits constant text := '零一二三四五六七八九';
    found text := upper(regexp_replace(normalize(said, NFKC), '[\s,，。.、;；:：()（）\[\]【】“”"''·]+', '', 'g'));
    written text; letter text; total integer; digit integer; at integer;
BEGIN
    found := regexp_replace(found, '[‐‑–—―－~～]', '-', 'g');
    LOOP
        written := substring(found FROM '([零〇一两二三四五六七八九十百]+)' || counted);
        EXIT WHEN written IS NULL;
        IF written !~ '[十百]' THEN
            written := translate(written, digits || '〇两', '012345678902');
        ELSE
            total := 0; digit := 0;
            FOREACH letter IN ARRAY string_to_array(written, NULL) LOOP
                at := strpos('十百', letter);
                IF at > 0 THEN
                    total := total + coalesce(nullif(digit, 0), CASE WHEN total = 0 THEN 1 ELSE 0 END) * CASE at WHEN 1 THEN 10 ELSE 100 END;
                    digit := 0;
                ELSE
                    digit := translate(letter, digits || '〇两', '012345678902')::integer;
                END IF;
            END LOOP;
            written := (total + digit)::text;
        END IF;
        found := regexp_replace(found, '[零〇一两二三四五六七八九十百]+' || counted, written);
    END LOOP;
    RETURN regexp_replace(found, '(?<![0-9A-Z])([0-9]{1,4}|[A-Z][0-9]{0,2})(?:栋|幢|座|号楼|#楼?)', '\1栋', 'g');
END $$;

-- Flats are found through their building, as in the search for words.
CREATE INDEX ix_elements_plain_name ON elements (plain_address(name))
    WHERE kind = 'place' AND type <> 'dwelling' AND merged_into IS NULL AND name IS NOT NULL;
CREATE INDEX ix_elements_plain_address ON elements (plain_address(address))
    WHERE kind = 'place' AND type <> 'dwelling' AND merged_into IS NULL AND address IS NOT NULL;

-- Places that are called one of these, or lie in one that is called so and are called `inside` there; and places that share the pairs of
-- letters of one of `halves`, of which whoever asks finds out how like they are. Only what the one who asks may see.
CREATE FUNCTION places_addressed(of_district integer, wholes text[], grounds text[], inside text, halves text[], most integer)
RETURNS TABLE (id bigint, how text) LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20 SET search_path = public, pg_temp
SET max_parallel_workers_per_gather = 0 SET jit = off AS $f$
#variable_conflict use_column
DECLARE
    -- Whoever keeps the database imports into the whole of it.
    whole constant boolean := whole_territory() OR current_setting('role') = 'none'
        AND pg_has_role(session_user, (SELECT relowner FROM pg_class WHERE oid = 'elements'::regclass), 'MEMBER');
    seen constant int8multirange := territory(); units constant integer[] := acting_units();
    half text; pairs bigint[];
BEGIN
    RETURN QUERY SELECT e.id, 'whole' FROM elements e WHERE e.id IN (
            SELECT n.id FROM elements n WHERE plain_address(n.name) = ANY (wholes)
                AND n.kind = 'place' AND n.type <> 'dwelling' AND n.merged_into IS NULL AND n.name IS NOT NULL
            UNION SELECT a.id FROM elements a WHERE plain_address(a.address) = ANY (wholes)
                AND a.kind = 'place' AND a.type <> 'dwelling' AND a.merged_into IS NULL AND a.address IS NOT NULL)
        AND e.district_id = of_district AND (whole OR e.area_no <@ seen OR e.unit_id = ANY (units)) LIMIT most;
    RETURN QUERY SELECT e.id, 'inside' FROM elements e WHERE inside <> '' AND e.site_id IN (
            SELECT n.id FROM elements n WHERE plain_address(n.name) = ANY (grounds)
                AND n.kind = 'place' AND n.type <> 'dwelling' AND n.merged_into IS NULL AND n.name IS NOT NULL
            UNION SELECT a.id FROM elements a WHERE plain_address(a.address) = ANY (grounds)
                AND a.kind = 'place' AND a.type <> 'dwelling' AND a.merged_into IS NULL AND a.address IS NOT NULL)
        AND e.kind = 'place' AND e.type <> 'dwelling' AND e.merged_into IS NULL AND e.district_id = of_district
        AND right(plain_address(e.name), length(inside)) = inside
        AND left(right(plain_address(e.name), length(inside) + 1), 1) !~ CASE WHEN length(plain_address(e.name)) > length(inside) THEN '[0-9A-Z]' ELSE '^$' END
        AND (whole OR e.area_no <@ seen OR e.unit_id = ANY (units)) LIMIT most;
    FOREACH half IN ARRAY coalesce(halves, '{}') LOOP
        pairs := letter_pairs(search_text(half, NULL));
        CONTINUE WHEN pairs = '{}';
        RETURN QUERY EXECUTE 'SELECT e.id, ''like'' FROM elements e WHERE letter_pairs(search_text(e.name, e.address)) @> $1
            AND e.kind = ''place'' AND e.type <> ''dwelling'' AND e.merged_into IS NULL AND e.district_id = $2
            AND ($3 OR e.area_no <@ $4 OR e.unit_id = ANY ($5)) LIMIT 400'
        USING pairs, of_district, whole, seen, units;
    END LOOP;
END $f$;
REVOKE EXECUTE ON FUNCTION places_addressed(integer, text[], text[], text, text[], integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION places_addressed(integer, text[], text[], text, text[], integer) TO panlong_app;

-- What the columns of a file mean, by the row of its header: asked once.
CREATE TABLE import_mappings (
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    kind text NOT NULL,
    fingerprint text NOT NULL CHECK (fingerprint ~ '^[0-9a-f]{64}$'),
    mapping jsonb NOT NULL CHECK (jsonb_typeof(mapping) = 'object'),
    used_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (district_id, kind, fingerprint)
);
ALTER TABLE import_mappings ENABLE ROW LEVEL SECURITY;

ALTER TABLE imports DROP CONSTRAINT imports_kind_check,
    ADD CONSTRAINT imports_kind_check CHECK (kind IN ('areas', 'cases', 'ground', 'place', 'object', 'organisation', 'person', 'relation'));
