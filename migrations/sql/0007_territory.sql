-- Which rows: visible is what lies in my territory, or is assigned to my unit, or to me. `territory()` is the one function
-- that decides, for row security and for the spatial reads below. Nobody set: nothing seen.

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['panlong_app', 'panlong_analyst'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN EXECUTE format('CREATE ROLE %I NOLOGIN', name); END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another workspace of the cluster was quicker
        END;
    END LOOP;
    IF NOT pg_has_role(current_user, 'panlong_app', 'MEMBER') THEN EXECUTE format('GRANT panlong_app TO %I', current_user); END IF;
END $$;

ALTER TABLE cases ADD unit_id integer REFERENCES units, ADD handler_id integer REFERENCES accounts;
CREATE INDEX ix_cases_unit_id ON cases (unit_id) WHERE unit_id IS NOT NULL;
CREATE INDEX ix_cases_handler_id ON cases (handler_id) WHERE handler_id IS NOT NULL;
ALTER TABLE area_borders ADD left_no bigint, ADD right_no bigint; -- none: the whole drawing, for those who see all of it

-- Analysts write their own SQL, so their territory hangs on the login and not on a setting that they could change.
CREATE TABLE analyst_logins (
    login text PRIMARY KEY,
    account_id integer NOT NULL UNIQUE REFERENCES accounts ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE FUNCTION acting(what text) RETURNS text LANGUAGE sql STABLE
RETURN CASE WHEN pg_has_role(session_user, 'panlong_app', 'MEMBER') THEN nullif(current_setting('panlong.' || what, true), '') END;

CREATE FUNCTION territory() RETURNS int8multirange LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN coalesce(acting('territory')::int8multirange,
    CASE WHEN NOT pg_has_role(session_user, 'panlong_app', 'MEMBER')
         THEN (SELECT (account_view(account_id)).territory FROM analyst_logins WHERE login = session_user) END, '{}');

CREATE FUNCTION acting_units() RETURNS integer[] LANGUAGE sql STABLE RETURN coalesce(acting('units')::integer[], '{}');
CREATE FUNCTION acting_account() RETURNS integer LANGUAGE sql STABLE RETURN acting('account')::integer;
CREATE FUNCTION acting_roles() RETURNS text[] LANGUAGE sql STABLE RETURN coalesce(acting('roles')::text[], '{}');

-- Whether the territory is the whole district: then no row need be asked.
CREATE FUNCTION whole_territory() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN EXISTS (SELECT FROM area_numbers WHERE parent_no IS NULL AND int8range(no, last_no, '[]') <@ territory());

-- Who serves a unit meets its cases anywhere, so the map of the district is known to them, though not what happens on it.
CREATE FUNCTION all_areas_seen() RETURNS boolean LANGUAGE sql STABLE RETURN whole_territory() OR acting_units() <> '{}';

-- Every function of row policies stands in a scalar subquery: it is asked once a statement and not once a row.
ALTER TABLE cases ENABLE ROW LEVEL SECURITY;
CREATE POLICY cases_seen ON cases FOR SELECT TO panlong_app, panlong_analyst USING (
    (SELECT whole_territory())
    OR (area_no >= (SELECT lower(territory())) AND area_no < (SELECT upper(territory())) AND area_no <@ (SELECT territory()))
    OR unit_id = ANY ((SELECT acting_units())::integer[]) OR handler_id = (SELECT acting_account()));

CREATE POLICY areas_seen ON areas FOR SELECT TO panlong_app, panlong_analyst USING (
    (SELECT all_areas_seen()) OR no <@ (SELECT territory())
    OR EXISTS (SELECT FROM unnest((SELECT territory())) r WHERE no < lower(r) AND last_no >= upper(r) - 1));
ALTER TABLE areas ENABLE ROW LEVEL SECURITY;
CREATE POLICY area_numbers_seen ON area_numbers FOR SELECT TO panlong_app, panlong_analyst USING (
    (SELECT all_areas_seen()) OR no <@ (SELECT territory())
    OR EXISTS (SELECT FROM unnest((SELECT territory())) r WHERE no < lower(r) AND last_no >= upper(r) - 1));
ALTER TABLE area_numbers ENABLE ROW LEVEL SECURITY;
CREATE POLICY area_borders_seen ON area_borders FOR SELECT TO panlong_app, panlong_analyst USING (
    (SELECT all_areas_seen()) OR left_no <@ (SELECT territory()) OR right_no <@ (SELECT territory()));
ALTER TABLE area_borders ENABLE ROW LEVEL SECURITY;
CREATE POLICY imports_seen ON imports FOR SELECT TO panlong_app USING ((SELECT whole_territory()));
ALTER TABLE imports ENABLE ROW LEVEL SECURITY;

-- People at work are seen by themselves, by the administrators of accounts and rights, and by those in whose territory they work.
CREATE FUNCTION administers() RETURNS boolean LANGUAGE sql STABLE RETURN acting_roles() && ARRAY['sys_admin', 'sec_admin'];
CREATE FUNCTION post_in_sight(of_post integer) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN EXISTS (SELECT FROM post_areas a JOIN area_numbers n ON n.no = a.area_no
               WHERE a.post_id = of_post AND int8range(n.no, n.last_no, '[]') <@ territory())
    OR EXISTS (SELECT FROM posts WHERE id = of_post AND unit_id = ANY (acting_units()))
    OR EXISTS (SELECT FROM post_holders h JOIN staff_members s ON s.id = h.staff_id
               WHERE h.post_id = of_post AND s.account_id = acting_account());
CREATE FUNCTION staff_in_sight(of_staff integer) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN EXISTS (SELECT FROM staff_members WHERE id = of_staff AND account_id = acting_account())
    OR EXISTS (SELECT FROM post_holders WHERE staff_id = of_staff AND post_in_sight(post_id));
CREATE FUNCTION account_in_sight(of_account integer) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN of_account = acting_account() OR EXISTS (SELECT FROM staff_members WHERE account_id = of_account AND staff_in_sight(id));

CREATE POLICY units_seen ON units FOR SELECT TO panlong_app USING (
    (SELECT administers() OR all_areas_seen()) OR area_no IS NULL OR area_no <@ (SELECT territory()) OR id = ANY ((SELECT acting_units())::integer[]));
ALTER TABLE units ENABLE ROW LEVEL SECURITY;
CREATE POLICY staff_members_seen ON staff_members FOR SELECT TO panlong_app USING (
    (SELECT administers() OR whole_territory()) OR staff_in_sight(id));
ALTER TABLE staff_members ENABLE ROW LEVEL SECURITY;
CREATE POLICY posts_seen ON posts FOR SELECT TO panlong_app USING ((SELECT administers() OR whole_territory()) OR post_in_sight(id));
ALTER TABLE posts ENABLE ROW LEVEL SECURITY;
CREATE POLICY post_areas_seen ON post_areas FOR SELECT TO panlong_app USING (
    (SELECT administers() OR whole_territory()) OR post_in_sight(post_id));
ALTER TABLE post_areas ENABLE ROW LEVEL SECURITY;
CREATE POLICY post_holders_seen ON post_holders FOR SELECT TO panlong_app USING (
    (SELECT administers() OR whole_territory()) OR staff_in_sight(staff_id));
ALTER TABLE post_holders ENABLE ROW LEVEL SECURITY;
CREATE POLICY accounts_seen ON accounts FOR SELECT TO panlong_app USING (
    id = (SELECT acting_account()) OR (SELECT administers()) OR ('subcentre_head' = ANY ((SELECT acting_roles())::text[]) AND account_in_sight(id)));
ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;
CREATE POLICY sessions_own ON sessions FOR SELECT TO panlong_app USING (account_id = (SELECT acting_account()));
ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
CREATE POLICY api_tokens_own ON api_tokens FOR SELECT TO panlong_app USING (account_id = (SELECT acting_account()));
ALTER TABLE api_tokens ENABLE ROW LEVEL SECURITY;
CREATE POLICY access_log_added ON access_log FOR INSERT TO panlong_app WITH CHECK (true);
CREATE POLICY access_log_read ON access_log FOR SELECT TO panlong_app USING ('audit_admin' = ANY ((SELECT acting_roles())::text[]));
ALTER TABLE access_log ENABLE ROW LEVEL SECURITY;

-- What no wall is needed for: what the district is like, and how things are called.
GRANT SELECT ON districts, area_levels, grid_editions, case_categories, data_versions, ground_features TO panlong_app, panlong_analyst;
GRANT SELECT ON security_policies, alembic_version TO panlong_app;
GRANT SELECT ON areas, area_numbers, area_borders, cases TO panlong_app;
GRANT SELECT ON imports, units, staff_members, posts, post_areas, post_holders, access_log TO panlong_app;
GRANT INSERT ON access_log TO panlong_app;
-- Never a hash or a secret, not even of one's own.
GRANT SELECT (id, username, name, state, kind, password_changed_at, must_change, totp_confirmed_at, locale, simulated, created_at) ON accounts TO panlong_app;
GRANT SELECT (id, account_id, second_factor, address, agent, created_at, seen_at, ended_at, end_reason) ON sessions TO panlong_app;
GRANT SELECT (id, account_id, name, scopes, created_at, expires_at, used_at, revoked_at) ON api_tokens TO panlong_app;
-- An analyst counts cases; who wrote what about whom is not theirs to read.
GRANT SELECT ON areas, area_numbers, area_borders TO panlong_analyst;
GRANT SELECT (id, district_id, category_id, state, reported_at, due_at, closed_at, source, area_id, area_no, cell_id, unit_id, simulated, geom, geom_3857)
    ON cases TO panlong_analyst;
REVOKE EXECUTE ON FUNCTION account_view(integer), end_sessions_of_staff(integer[], text), post_in_sight(integer), staff_in_sight(integer),
    account_in_sight(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION post_in_sight(integer), staff_in_sight(integer), account_in_sight(integer) TO panlong_app;

-- The spatial reads. Under row security the planner would not use the index of &&, which is not leakproof; so these run as
-- the owner and put the wall up themselves. Text is made of fixed pieces alone; every value is bound.
CREATE FUNCTION case_condition(states text) RETURNS text LANGUAGE sql IMMUTABLE
RETURN CASE states
    WHEN 'open' THEN 'open_state(c.state)'
    WHEN 'overdue' THEN 'open_state(c.state) AND c.state <> ''suspended'' AND c.due_at < $1'
    WHEN 'near' THEN 'open_state(c.state) AND c.state <> ''suspended'' AND c.due_at >= $1 AND c.due_at < $1 + interval ''90 minutes'''
    WHEN 'closed' THEN 'NOT open_state(c.state)'
    WHEN 'all' THEN 'true'
    ELSE 'c.state = $2' END;

CREATE FUNCTION territory_condition() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN CASE WHEN whole_territory() THEN 'true' ELSE
    '(c.area_no >= lower($7) AND c.area_no < upper($7) AND c.area_no <@ $7'
    || CASE WHEN acting_units() <> '{}' THEN ' OR c.unit_id = ANY ($8)' ELSE '' END
    || CASE WHEN acting_account() IS NOT NULL THEN ' OR c.handler_id = $9' ELSE '' END || ')' END;

-- One filter for both reads below: $1 now, $2 states, $3 categories, $4 since, $5 until, $6 area, $7 territory, $8 units, $9 account.
CREATE FUNCTION case_filter(states text) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN case_condition(states) || ' AND ' || territory_condition() || '
    AND ($3 IS NULL OR c.category_id = ANY ($3)) AND ($4 IS NULL OR c.reported_at >= $4) AND ($5 IS NULL OR c.reported_at < $5)
    AND ($6 IS NULL OR c.area_no BETWEEN (SELECT no FROM areas WHERE id = $6) AND (SELECT last_no FROM areas WHERE id = $6))';

-- One tile of cases: near ones gathered in a grid of `bins` by `bins` per tile, late ones apart from the rest.
CREATE FUNCTION case_tile(z integer, x integer, y integer, bins integer, of_district integer, at timestamptz, states text,
    categories integer[], since timestamptz, until timestamptz, of_area integer) RETURNS bytea
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $f$
DECLARE made bytea;
BEGIN
    EXECUTE $q$
WITH edge AS (
    SELECT $10 AS tile, ST_XMin($10) AS west, ST_YMin($10) AS south, (ST_XMax($10) - ST_XMin($10)) / $11 AS bin
), seen AS (
    SELECT c.id, c.category_id, c.state, c.geom_3857 AS geom,
           CASE WHEN NOT open_state(c.state) THEN 'closed' WHEN c.state = 'suspended' THEN 'paused'
                WHEN c.due_at < $1 THEN 'overdue' WHEN c.due_at < $1 + interval '90 minutes' THEN 'near'
                ELSE 'normal' END AS urgency
    FROM cases c WHERE c.geom_3857 && $10 AND c.district_id = $12 AND $q$ || case_filter(states) || $q$
), binned AS (
    SELECT seen.*, urgency = 'overdue' AS late,
           least(floor((ST_X(geom) - west) / bin), $11 - 1)::int AS column_no,
           least(floor((ST_Y(geom) - south) / bin), $11 - 1)::int AS row_no
    FROM seen, edge
    -- The tile's west and south edges are its own, the others the next tile's, or a case on an edge would be drawn twice.
    WHERE ST_X(geom) >= west AND ST_X(geom) < ST_XMax(tile) AND ST_Y(geom) >= south AND ST_Y(geom) < ST_YMax(tile)
), gathered AS (
    SELECT late, count(*)::int AS count, count(*) FILTER (WHERE urgency = 'near')::int AS near,
           count(*) FILTER (WHERE urgency = 'closed')::int AS closed,
           min(id) AS id, min(category_id) AS category, min(state) AS state, min(urgency) AS urgency,
           avg(ST_X(geom)) AS x, avg(ST_Y(geom)) AS y, column_no, row_no
    FROM binned GROUP BY late, column_no, row_no
), placed AS (
    -- Several stand where they are on the average, but off the edge of their bin, or two bins' discs would overlap.
    SELECT gathered.*, ST_SetSRID(ST_MakePoint(
               CASE WHEN count = 1 THEN x ELSE west + bin * (column_no + least(greatest((x - west) / bin - column_no, 0.22), 0.78)) END,
               CASE WHEN count = 1 THEN y ELSE south + bin * (row_no + least(greatest((y - south) / bin - row_no, 0.22), 0.78)) END
           ), 3857) AS place
    FROM gathered, edge
), marks AS (
    SELECT CASE WHEN count = 1 THEN id END AS id, late, count, near, closed,
           CASE WHEN count = 1 THEN id END AS case_id, CASE WHEN count = 1 THEN category END AS category,
           CASE WHEN count = 1 THEN state END AS state, CASE WHEN count = 1 THEN urgency END AS urgency,
           ST_AsMVTGeom(place, tile, 4096, 0, false) AS geom
    FROM placed, edge ORDER BY late, count, row_no, column_no
)
SELECT coalesce(ST_AsMVT(marks, 'cases', 4096, 'geom', 'id'), '') FROM marks$q$
    INTO made USING at, states, categories, since, until, of_area, territory(), acting_units(), acting_account(),
        ST_TileEnvelope(z, x, y), bins, of_district;
    RETURN made;
END $f$;

-- A page of the cases in a box, in the order in which they are due or the newest first, after a given one.
CREATE FUNCTION cases_in_box(box geometry, of_district integer, at timestamptz, states text, categories integer[], since timestamptz,
    until timestamptz, of_area integer, due_first boolean, after_rank integer, after_at timestamptz, after_id bigint, most integer)
RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $f$
DECLARE
    rank constant text := $q$CASE WHEN c.state = 'suspended' THEN 3 WHEN c.due_at < $1 THEN 0
        WHEN c.due_at < $1 + interval '90 minutes' THEN 1 ELSE 2 END$q$;
    due constant text := $q$coalesce(c.due_at, 'infinity')$q$;
BEGIN
    RETURN QUERY EXECUTE 'SELECT c.id FROM cases c WHERE c.geom_3857 && $10 AND c.district_id = $11 AND ' || case_filter(states)
        || CASE WHEN due_first
            THEN ' AND ($12 IS NULL OR (' || rank || ', ' || due || ', c.id) > ($12, $13, $14)) ORDER BY ' || rank || ', ' || due || ', c.id'
            ELSE ' AND ($12 IS NULL OR (c.reported_at, c.id) < ($13, $14)) ORDER BY c.reported_at DESC, c.id DESC' END || ' LIMIT $15'
    USING at, states, categories, since, until, of_area, territory(), acting_units(), acting_account(),
        box, of_district, after_rank, after_at, after_id, most;
END $f$;

-- One tile of the territory: shapes by level, borders drawn once, labels. Shapes that only hold the territory are left out:
-- their outline would tell of places beyond it.
CREATE FUNCTION area_tile(z integer, x integer, y integer, of_district integer, levels text[]) RETURNS bytea
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $f$
DECLARE made bytea; whole boolean := all_areas_seen(); seen int8multirange := territory();
        tile geometry := ST_TileEnvelope(z, x, y); wide geometry := ST_TileEnvelope(z, x, y, margin => 0.0625);
BEGIN
    WITH area AS MATERIALIZED (
        SELECT a.id, a.level, a.code, a.name, a.name_en, a.parent_id, a.geom_3857, a.label_3857
        FROM areas_on(of_district, district_today(of_district)) a
        WHERE a.geom_3857 && wide AND a.level = ANY (levels) AND (whole OR a.no <@ seen)
    ), shapes AS (
        SELECT level, ST_AsMVT(f, level, 4096, 'geom', 'id') AS mvt
        FROM (SELECT id, level, code, name, name_en, parent_id AS parent, ST_AsMVTGeom(geom_3857, tile, 4096, 256) AS geom
              FROM area ORDER BY id) f
        WHERE geom IS NOT NULL GROUP BY level
    ), borders AS (
        SELECT ST_AsMVT(f, 'borders', 4096, 'geom') AS mvt
        FROM (SELECT b.level, ST_AsMVTGeom(b.geom_3857, tile, 4096, 256) AS geom
              FROM area_borders b
              WHERE b.district_id = of_district AND b.geom_3857 && wide AND b.level = ANY (levels)
                AND CASE WHEN whole THEN b.left_no IS NULL AND b.right_no IS NULL ELSE b.left_no <@ seen OR b.right_no <@ seen END ORDER BY b.id) f
        WHERE geom IS NOT NULL
    ), labels AS (
        SELECT ST_AsMVT(f, 'labels', 4096, 'geom', 'id') AS mvt
        FROM (SELECT id, level, code, name, name_en, ST_AsMVTGeom(label_3857, tile, 4096, 0) AS geom
              FROM area WHERE label_3857 && tile ORDER BY id) f
        WHERE geom IS NOT NULL
    )
    SELECT coalesce((SELECT string_agg(mvt, ''::bytea ORDER BY level) FROM shapes), '')
        || coalesce((SELECT mvt FROM borders), '') || coalesce((SELECT mvt FROM labels), '') INTO made;
    RETURN made;
END $f$;
