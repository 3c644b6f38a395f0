-- 专项任务: one task with its admission number 准入, its list of places and its end, instead of a lonely case for each place.
-- A number serves one task at a time: a second department cannot borrow it.
CREATE TABLE campaigns (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_id integer NOT NULL REFERENCES districts,
    client_id uuid NOT NULL UNIQUE,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    admission text NOT NULL CHECK (length(admission) BETWEEN 1 AND 40),
    category_id integer NOT NULL REFERENCES case_categories,
    area_id integer NOT NULL REFERENCES areas,
    area_no bigint NOT NULL REFERENCES area_numbers ON UPDATE CASCADE,
    unit_id integer NOT NULL REFERENCES units, -- that asked for it
    first_on date NOT NULL,
    last_on date NOT NULL,
    opened_by integer NOT NULL REFERENCES accounts,
    opened_at timestamptz NOT NULL DEFAULT now(),
    ended_by integer REFERENCES accounts,
    ended_at timestamptz,
    end_reason text CHECK (length(end_reason) BETWEEN 1 AND 2000),
    CONSTRAINT campaigns_days CHECK (last_on BETWEEN first_on AND first_on + 366),
    CONSTRAINT campaigns_end CHECK (num_nulls(ended_by, ended_at, end_reason) IN (0, 3)),
    CONSTRAINT campaigns_admitted_once EXCLUDE USING gist (district_id WITH =, admission WITH =, daterange(first_on, last_on, '[]') WITH &&)
        WHERE (ended_at IS NULL)
);
CREATE INDEX ix_campaigns_last_on ON campaigns (district_id, last_on);
CREATE TABLE campaign_places (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    campaign_id integer NOT NULL REFERENCES campaigns,
    label text NOT NULL CHECK (length(label) BETWEEN 1 AND 120),
    geom geometry(Point, 4490) NOT NULL,
    area_no bigint NOT NULL REFERENCES area_numbers ON UPDATE CASCADE
);
CREATE INDEX ix_campaign_places_campaign_id ON campaign_places (campaign_id, id);
-- Every visit is kept; the last one of a place says how it stands there. Who went is kept as the log of a case keeps it, and is not
-- readable by the application: nothing can count by person.
CREATE TABLE campaign_visits (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    place_id integer NOT NULL REFERENCES campaign_places,
    client_id uuid NOT NULL UNIQUE,
    outcome text NOT NULL CHECK (outcome IN ('clear', 'found')),
    case_id bigint,
    account_id integer NOT NULL REFERENCES accounts,
    at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT campaign_visits_case CHECK ((outcome = 'found') = (case_id IS NOT NULL))
);
CREATE INDEX ix_campaign_visits_place_id ON campaign_visits (place_id, id);

CREATE FUNCTION runs_campaigns() RETURNS boolean LANGUAGE sql STABLE
RETURN acting_roles() && ARRAY['duty_officer', 'dispatcher', 'subcentre_head', 'unit_dispatcher'];
CREATE FUNCTION area_in_touch(of_area bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN EXISTS (SELECT FROM area_numbers n WHERE n.no = of_area AND int8range(n.no, n.last_no, '[]') && territory());

-- A place lies in the campaign's area, its border included, and belongs to the cell of that area which covers it: of several the
-- first by its code, as with cases. Where no cell does, it is the whole area's.
CREATE FUNCTION place_of_campaign() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE c record;
BEGIN
    SELECT k.area_no, n.last_no, k.district_id, ST_Covers(a.geom, NEW.geom) AS inside INTO c FROM campaigns k
        JOIN area_numbers n ON n.no = k.area_no JOIN areas a ON a.id = k.area_id WHERE k.id = NEW.campaign_id;
    IF NOT coalesce(c.inside, false) THEN
        RAISE EXCEPTION 'a place of a campaign lies in its area' USING ERRCODE = 'check_violation', CONSTRAINT = 'campaign_places_inside';
    END IF;
    NEW.area_no := coalesce((SELECT a.no FROM areas a JOIN grid_editions e ON e.id = a.edition_id
        WHERE a.district_id = c.district_id AND e.state = 'in_force' AND ST_Covers(a.geom, NEW.geom) AND a.no BETWEEN c.area_no AND c.last_no
        ORDER BY a.code COLLATE "C" LIMIT 1), c.area_no);
    RETURN NEW;
END $$;
CREATE TRIGGER campaign_places_place BEFORE INSERT ON campaign_places FOR EACH ROW EXECUTE FUNCTION place_of_campaign();

-- Held while it is visited: an end that is written meanwhile waits, or is seen.
CREATE FUNCTION visit_in_time() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE c record;
BEGIN
    SELECT k.first_on, k.last_on, k.ended_at, district_today(k.district_id) AS today INTO c FROM campaigns k
        JOIN campaign_places p ON p.campaign_id = k.id WHERE p.id = NEW.place_id FOR SHARE OF k;
    IF c.ended_at IS NOT NULL OR c.today NOT BETWEEN c.first_on AND c.last_on THEN
        RAISE EXCEPTION 'the campaign does not run today' USING ERRCODE = 'check_violation', CONSTRAINT = 'campaign_visits_in_time';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER campaign_visits_in_time BEFORE INSERT ON campaign_visits FOR EACH ROW EXECUTE FUNCTION visit_in_time();
CREATE FUNCTION keep_visit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'visits are only added' USING ERRCODE = 'check_violation', CONSTRAINT = 'campaign_visits_kept';
END $$;
CREATE TRIGGER campaign_visits_kept BEFORE UPDATE OR DELETE ON campaign_visits FOR EACH ROW EXECUTE FUNCTION keep_visit();
CREATE TRIGGER campaign_visits_not_emptied BEFORE TRUNCATE ON campaign_visits EXECUTE FUNCTION keep_visit();

-- Seen by those whose territory it touches, and by the unit that asked; its places by those in whose territory they lie, and by that unit.
ALTER TABLE campaigns ENABLE ROW LEVEL SECURITY;
CREATE POLICY campaigns_seen ON campaigns FOR SELECT TO panlong_app USING (
    (SELECT whole_territory()) OR unit_id = ANY ((SELECT acting_units())::integer[]) OR area_in_touch(area_no));
CREATE POLICY campaigns_opened ON campaigns FOR INSERT TO panlong_app WITH CHECK (
    opened_by = (SELECT acting_account()) AND (SELECT runs_campaigns()) AND ended_at IS NULL
    AND (area_no <@ (SELECT territory()) OR unit_id = ANY ((SELECT acting_units())::integer[])));
CREATE POLICY campaigns_ended ON campaigns FOR UPDATE TO panlong_app USING (
    (SELECT runs_campaigns()) AND ended_at IS NULL
    AND (area_no <@ (SELECT territory()) OR unit_id = ANY ((SELECT acting_units())::integer[])))
    WITH CHECK (ended_by = (SELECT acting_account()));
ALTER TABLE campaign_places ENABLE ROW LEVEL SECURITY;
CREATE POLICY campaign_places_seen ON campaign_places FOR SELECT TO panlong_app USING (
    area_no <@ (SELECT territory())
    OR EXISTS (SELECT FROM campaigns c WHERE c.id = campaign_id AND c.unit_id = ANY ((SELECT acting_units())::integer[])));
-- The list is part of what was admitted: it is written in the transaction that opens the campaign, and not added to.
CREATE POLICY campaign_places_listed ON campaign_places FOR INSERT TO panlong_app WITH CHECK (
    EXISTS (SELECT FROM campaigns c WHERE c.id = campaign_id AND c.opened_at = now()));
ALTER TABLE campaign_visits ENABLE ROW LEVEL SECURITY;
CREATE POLICY campaign_visits_seen ON campaign_visits FOR SELECT TO panlong_app USING (EXISTS (SELECT FROM campaign_places p WHERE p.id = place_id));
CREATE POLICY campaign_visits_made ON campaign_visits FOR INSERT TO panlong_app WITH CHECK (
    account_id = (SELECT acting_account()) AND (case_id IS NULL OR EXISTS (SELECT FROM cases c WHERE c.id = case_id AND c.reporter_id = account_id))
    AND EXISTS (SELECT FROM campaign_places p WHERE p.id = place_id AND p.area_no <@ (SELECT territory())));
GRANT SELECT (id, district_id, name, admission, category_id, area_id, area_no, unit_id, first_on, last_on, opened_at, ended_at, end_reason)
    ON campaigns TO panlong_app;
GRANT INSERT (district_id, client_id, name, admission, category_id, area_id, area_no, unit_id, first_on, last_on, opened_by) ON campaigns TO panlong_app;
GRANT UPDATE (ended_at, ended_by, end_reason) ON campaigns TO panlong_app;
GRANT SELECT ON campaign_places TO panlong_app;
GRANT INSERT (campaign_id, label, geom) ON campaign_places TO panlong_app;
GRANT SELECT (id, place_id, outcome, case_id, at) ON campaign_visits TO panlong_app;
GRANT INSERT (place_id, client_id, outcome, case_id, account_id) ON campaign_visits TO panlong_app;

-- How it stands at each place that the one who asks sees: by its last visit, and by what has become of the case since. Whether the
-- case itself is theirs to see is not asked here: that it was handed on is known, what is in it is not.
CREATE FUNCTION campaign_coverage(of_campaign integer)
RETURNS TABLE (place_id integer, state text, case_id bigint, visited_at timestamptz, visits integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.id, CASE
            WHEN v.id IS NULL THEN 'unvisited'
            WHEN v.outcome = 'clear' THEN 'clear'
            WHEN EXISTS (SELECT FROM case_transitions t WHERE t.case_id = v.case_id AND t.move = 'self_handle' AND NOT EXISTS (
                SELECT FROM case_transitions u WHERE u.case_id = t.case_id AND u.version = t.version + 1 AND u.move = 'undo')) THEN 'on_the_spot'
            WHEN c.unit_id IS NOT NULL OR c.state = 'merged' THEN 'handed_on'
            ELSE 'found' END,
        v.case_id, v.at, coalesce(v.visits, 0)::integer
    FROM campaign_places p JOIN campaigns k ON k.id = p.campaign_id
    LEFT JOIN LATERAL (SELECT w.*, count(*) OVER () AS visits FROM campaign_visits w WHERE w.place_id = p.id ORDER BY w.id DESC LIMIT 1) v ON true
    LEFT JOIN cases c ON c.id = v.case_id
    WHERE p.campaign_id = of_campaign AND (p.area_no <@ (SELECT territory()) OR k.unit_id = ANY ((SELECT acting_units())::integer[]))
$$;
CREATE FUNCTION campaign_size(of_campaign integer) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN (SELECT count(*) FROM campaign_places WHERE campaign_id = of_campaign);
-- What a client's request has become; `mine` says whether it was made by the one who asks.
CREATE FUNCTION campaign_request(of_client uuid) RETURNS TABLE (campaign_id integer, visit_id bigint, mine boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id, NULL::bigint, opened_by = acting_account() FROM campaigns WHERE client_id = of_client
    UNION ALL SELECT NULL, id, account_id = acting_account() FROM campaign_visits WHERE client_id = of_client
$$;
REVOKE EXECUTE ON FUNCTION area_in_touch(bigint), place_of_campaign(), visit_in_time(), campaign_coverage(integer), campaign_size(integer),
    campaign_request(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION area_in_touch(bigint), campaign_coverage(integer), campaign_size(integer), campaign_request(uuid) TO panlong_app;
