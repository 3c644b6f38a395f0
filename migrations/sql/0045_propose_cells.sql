-- 网格调整方案: how the cells of an area could be drawn anew. It is drawn block by block, proposed, approved by somebody else, and takes
-- effect at the beginning of a day of the district, whole or not at all.
CREATE TABLE grid_proposals (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    client_id uuid NOT NULL UNIQUE,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    note text CHECK (length(note) BETWEEN 1 AND 2000),
    area_no bigint NOT NULL REFERENCES area_numbers ON UPDATE CASCADE ON DELETE CASCADE, -- whose cells it draws
    base_edition_id integer NOT NULL REFERENCES grid_editions ON DELETE CASCADE,
    state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'proposed', 'approved', 'in_force', 'withdrawn')),
    effective_on date NOT NULL,
    least_households integer NOT NULL DEFAULT 300,
    most_households integer NOT NULL DEFAULT 500,
    version integer NOT NULL DEFAULT 1,
    step integer, -- of its steps the one that stands; none until there are blocks
    drawn_by integer REFERENCES accounts,
    drawn_at timestamptz NOT NULL DEFAULT now(),
    proposed_by integer REFERENCES accounts,
    proposed_at timestamptz,
    approved_by integer REFERENCES accounts,
    approved_at timestamptz,
    ended_by integer REFERENCES accounts,
    ended_at timestamptz,
    reason text CHECK (length(reason) BETWEEN 1 AND 2000), -- why it was sent back or withdrawn
    edition_id integer REFERENCES grid_editions ON DELETE SET NULL, -- that came of it
    -- What a worker is at, how far, and why it could not.
    doing text CHECK (doing IN ('prepare', 'balance', 'compare', 'rebase')),
    asked jsonb NOT NULL DEFAULT '{}',
    queued boolean NOT NULL DEFAULT false,
    part real NOT NULL DEFAULT 0 CHECK (part BETWEEN 0 AND 1),
    problem jsonb,
    tried_on date, -- the day on which it last could not take effect
    suggestion jsonb,
    comparison jsonb,
    CONSTRAINT grid_proposals_bounds CHECK (0 <= least_households AND least_households < most_households),
    CONSTRAINT grid_proposals_proposed CHECK (state IN ('draft', 'withdrawn') OR proposed_at IS NOT NULL),
    CONSTRAINT grid_proposals_approved CHECK (state NOT IN ('approved', 'in_force') OR approved_at IS NOT NULL),
    CONSTRAINT grid_proposals_two_people CHECK (approved_by IS NULL OR approved_by <> proposed_by)
);
CREATE INDEX ix_grid_proposals_area_no ON grid_proposals (area_no);
CREATE INDEX ix_grid_proposals_asked ON grid_proposals (id) WHERE doing IS NOT NULL AND NOT queued;
CREATE INDEX ix_grid_proposals_waiting ON grid_proposals (effective_on) WHERE state = 'approved';

-- Ground that no new border cuts: what cells are put together from, with what was known of it when it was drawn.
CREATE TABLE grid_proposal_blocks (
    proposal_id integer NOT NULL REFERENCES grid_proposals ON DELETE CASCADE,
    no integer NOT NULL CHECK (no >= 0),
    name text NOT NULL,
    community text NOT NULL,
    cell text, -- the present one
    households integer NOT NULL CHECK (households >= 0),
    buildings integer NOT NULL CHECK (buildings >= 0),
    cases integer NOT NULL CHECK (cases >= 0),
    facts jsonb NOT NULL DEFAULT '{}',
    geom geometry(MultiPolygon, 4490) NOT NULL,
    PRIMARY KEY (proposal_id, no)
);

-- Each step of drawing, so that it can be undone: the cell of each block, in the order of their numbers, and what cells are to be called.
CREATE TABLE grid_proposal_steps (
    proposal_id integer NOT NULL REFERENCES grid_proposals ON DELETE CASCADE,
    no integer NOT NULL CHECK (no >= 0),
    did text NOT NULL,
    cells text[] NOT NULL,
    names jsonb NOT NULL DEFAULT '{}',
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (proposal_id, no)
);

-- The cells that come of the step that stands.
CREATE TABLE grid_proposal_cells (
    proposal_id integer NOT NULL REFERENCES grid_proposals ON DELETE CASCADE,
    key text NOT NULL, -- the present code, or one that it has until it takes effect
    community text NOT NULL,
    same boolean NOT NULL, -- just the present cell
    was text, -- the cell whose people it has most of
    name text,
    code text, -- that was asked for
    figures jsonb NOT NULL,
    geom geometry(MultiPolygon, 4490) NOT NULL,
    PRIMARY KEY (proposal_id, key)
);

CREATE FUNCTION draws_grid() RETURNS boolean LANGUAGE sql STABLE
RETURN acting_roles() && ARRAY['subcentre_head', 'duty_officer'];
-- Who signs signs for themselves; the second signature is the district's.
CREATE FUNCTION sign_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF acting_account() IS NULL THEN
        RETURN NEW;
    END IF;
    IF NEW.proposed_by IS DISTINCT FROM OLD.proposed_by AND NEW.proposed_by <> acting_account()
        OR NEW.approved_by IS DISTINCT FROM OLD.approved_by AND NEW.approved_by IS NOT NULL
            AND (NEW.approved_by <> acting_account() OR NOT 'duty_officer' = ANY (acting_roles()))
        OR NEW.state = 'in_force' AND OLD.state <> 'in_force' THEN
        RAISE EXCEPTION 'a proposal is signed by who acts' USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'grid_proposals_signed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER grid_proposals_signed BEFORE UPDATE ON grid_proposals FOR EACH ROW EXECUTE FUNCTION sign_proposal();
-- Codes of cells that were drawn anew since, in the communities where a proposal draws something: it cannot take effect as it is. A cell
-- that only has new corners of its neighbours on its sides is the same.
CREATE FUNCTION proposal_touched(of_proposal integer) RETURNS text[] LANGUAGE sql STABLE AS $$
    WITH p AS MATERIALIZED (
        SELECT p.base_edition_id AS base, e.id AS now, n.no, n.last_no FROM grid_proposals p JOIN area_numbers n ON n.no = p.area_no
        JOIN grid_editions e ON e.district_id = p.district_id AND e.state = 'in_force' WHERE p.id = of_proposal
    ), cells AS MATERIALIZED (
        SELECT a.edition_id, a.no, a.code, a.geom FROM p JOIN areas a ON a.edition_id IN (p.base, p.now) AND a.no BETWEEN p.no AND p.last_no
        JOIN areas c ON c.id = a.parent_id
        WHERE c.code IN (SELECT community FROM grid_proposal_cells WHERE proposal_id = of_proposal AND NOT same)
    )
    SELECT coalesce(array_agg(DISTINCT coalesce(b.code, w.code) ORDER BY coalesce(b.code, w.code)), '{}')
    FROM (SELECT c.* FROM cells c JOIN p ON c.edition_id = p.base) b FULL JOIN (SELECT c.* FROM cells c JOIN p ON c.edition_id = p.now) w USING (no)
    WHERE b.code IS NULL OR w.code IS NULL
        OR NOT ST_OrderingEquals(b.geom, w.geom) AND 2 * ST_Area(ST_SymDifference(b.geom, w.geom)) > 1e-7 * ST_Perimeter(b.geom)
$$;
-- Whoever sees a proposal sees by whose name it is signed.
CREATE FUNCTION proposal_signers(of_proposal integer, OUT drawn_name text, OUT proposed_name text, OUT approved_name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT (SELECT name FROM staff_members WHERE account_id = p.drawn_by), (SELECT name FROM staff_members WHERE account_id = p.proposed_by),
        (SELECT name FROM staff_members WHERE account_id = p.approved_by)
    FROM grid_proposals p WHERE p.id = of_proposal AND draws_grid() AND p.area_no <@ territory()
$$;
REVOKE EXECUTE ON FUNCTION proposal_signers(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION proposal_signers(integer) TO panlong_app;

ALTER TABLE grid_proposals ENABLE ROW LEVEL SECURITY;
CREATE POLICY grid_proposals_own ON grid_proposals TO panlong_app
    USING ((SELECT draws_grid()) AND area_no <@ (SELECT territory()));
ALTER TABLE grid_proposal_blocks ENABLE ROW LEVEL SECURITY;
CREATE POLICY grid_proposal_blocks_own ON grid_proposal_blocks TO panlong_app
    USING (EXISTS (SELECT FROM grid_proposals p WHERE p.id = proposal_id));
ALTER TABLE grid_proposal_steps ENABLE ROW LEVEL SECURITY;
CREATE POLICY grid_proposal_steps_own ON grid_proposal_steps TO panlong_app
    USING (EXISTS (SELECT FROM grid_proposals p WHERE p.id = proposal_id));
ALTER TABLE grid_proposal_cells ENABLE ROW LEVEL SECURITY;
CREATE POLICY grid_proposal_cells_own ON grid_proposal_cells TO panlong_app
    USING (EXISTS (SELECT FROM grid_proposals p WHERE p.id = proposal_id));
GRANT SELECT, INSERT, UPDATE ON grid_proposals TO panlong_app;
GRANT SELECT ON grid_proposal_blocks TO panlong_app;
GRANT SELECT, INSERT, DELETE ON grid_proposal_steps, grid_proposal_cells TO panlong_app;

-- 消息 tell of a proposal, too.
ALTER TABLE notices ALTER case_id DROP NOT NULL, ADD proposal_id integer REFERENCES grid_proposals ON DELETE CASCADE,
    ADD CONSTRAINT notices_of_one CHECK (num_nonnulls(case_id, proposal_id) = 1);
CREATE UNIQUE INDEX notices_proposal_once ON notices (account_id, proposal_id, version, kind) WHERE proposal_id IS NOT NULL;

-- A step of a proposal is told to whoever drew, proposed and approved it, or to those whose post can approve it there; not to who took it.
CREATE FUNCTION tell_of_proposal(of_proposal integer, what text, to_deciders boolean, by_account integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE p grid_proposals; many bigint;
BEGIN
    SELECT * INTO p FROM grid_proposals WHERE id = of_proposal AND (acting_account() IS NULL OR draws_grid() AND area_no <@ territory());
    INSERT INTO notices (account_id, kind, proposal_id, version, facts, at)
    SELECT DISTINCT w.account_id, what, p.id, p.version, jsonb_build_object('name', p.name, 'effective_on', p.effective_on), now()
    FROM (SELECT unnest(ARRAY[p.drawn_by, p.proposed_by, p.approved_by]) AS account_id WHERE NOT to_deciders
        UNION ALL SELECT s.account_id FROM posts o JOIN post_holders h ON h.post_id = o.id JOIN staff_members s ON s.id = h.staff_id
            JOIN post_areas a ON a.post_id = o.id JOIN area_numbers n ON n.no = a.area_no AND p.area_no BETWEEN n.no AND n.last_no
            WHERE to_deciders AND o.role = 'duty_officer' AND s.district_id = p.district_id
                AND daterange(h.from_on, h.until_on) @> district_today(p.district_id)) w
    JOIN accounts c ON c.id = w.account_id AND c.state = 'active'
    WHERE p.id IS NOT NULL AND w.account_id IS DISTINCT FROM by_account ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS many = ROW_COUNT;
    RETURN many;
END $$;
REVOKE EXECUTE ON FUNCTION tell_of_proposal(integer, text, boolean, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tell_of_proposal(integer, text, boolean, integer) TO panlong_app;
