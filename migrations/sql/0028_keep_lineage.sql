-- A cell is split, cells are merged: which came from which, and since when cases lie in another cell though nobody moved them.

CREATE TABLE cell_lineage (
    from_no bigint NOT NULL REFERENCES area_numbers ON UPDATE CASCADE ON DELETE CASCADE,
    to_no bigint NOT NULL REFERENCES area_numbers ON UPDATE CASCADE ON DELETE CASCADE,
    edition_id integer NOT NULL REFERENCES grid_editions ON DELETE CASCADE, -- in which the new one stands first
    on_day date NOT NULL,
    at timestamptz NOT NULL,
    area_share double precision NOT NULL CHECK (area_share > 0 AND area_share <= 1), -- of the ground of the one that is gone
    households integer CHECK (households >= 0), -- of the one that is gone, that came along; none: nobody knows
    PRIMARY KEY (from_no, to_no),
    CONSTRAINT cell_lineage_other CHECK (from_no <> to_no)
);
CREATE INDEX ix_cell_lineage_to_no ON cell_lineage (to_no);
CREATE INDEX ix_cell_lineage_edition_id ON cell_lineage (edition_id);

-- The log of a case says where it lay at each move, and is only added to. What a new drawing of the grid has changed stands here.
CREATE TABLE case_areas (
    case_id bigint NOT NULL,
    since_at timestamptz NOT NULL,
    was_no bigint NOT NULL REFERENCES area_numbers ON UPDATE CASCADE ON DELETE CASCADE,
    area_no bigint NOT NULL REFERENCES area_numbers ON UPDATE CASCADE ON DELETE CASCADE,
    PRIMARY KEY (case_id, since_at)
);
CREATE INDEX ix_case_areas_since_at ON case_areas (since_at);
CREATE INDEX ix_case_areas_was_no ON case_areas (was_no);

CREATE POLICY cell_lineage_seen ON cell_lineage FOR SELECT TO panlong_app, panlong_analyst USING (
    (SELECT all_areas_seen()) OR from_no <@ (SELECT territory()) OR to_no <@ (SELECT territory()));
ALTER TABLE cell_lineage ENABLE ROW LEVEL SECURITY;
CREATE POLICY case_areas_seen ON case_areas FOR SELECT TO panlong_app USING (EXISTS (SELECT FROM cases c WHERE c.id = case_id));
ALTER TABLE case_areas ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON cell_lineage TO panlong_app, panlong_analyst;
GRANT SELECT ON case_areas TO panlong_app;

-- After cells were split or merged: places of campaigns that still run follow their points, the wall looks at what has come of its cell,
-- or at the community where that is more than one. What is over stays where it was. How many places moved.
CREATE FUNCTION follow_cells(of_edition integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE moved bigint;
BEGIN
    UPDATE campaign_places p SET area_no = a.no FROM campaigns c, areas a
    WHERE c.id = p.campaign_id AND c.ended_at IS NULL AND p.area_no IN (SELECT from_no FROM cell_lineage WHERE edition_id = of_edition)
        AND a.id = cell_at(c.district_id, p.geom);
    GET DIAGNOSTICS moved = ROW_COUNT;
    UPDATE wall_settings w SET version = w.version + 1, focus_no = CASE WHEN f.many = 1 THEN f.to_no ELSE f.parent_no END
    FROM (SELECT l.from_no, count(*) AS many, min(l.to_no) AS to_no, min(n.parent_no) AS parent_no
          FROM cell_lineage l JOIN area_numbers n ON n.no = l.from_no WHERE l.edition_id = of_edition GROUP BY l.from_no) f
    WHERE w.focus_no = f.from_no;
    RETURN moved;
END $$;
