-- Layers for analysts: what the interface gives as Arrow and GeoParquet, and what an analyst's own login reads, is read from these
-- views. Which rows, the policies of the tables decide for whoever asks (security_invoker). Where a column of a table is not for everybody
-- who may see its row, an outer view runs as the owner, stays behind a barrier, and takes its rows from an inner one of those who ask.
CREATE SCHEMA layers;

-- The codes of the cell, the community and the subdistrict that a place in the tree lies in.
CREATE VIEW layers.places WITH (security_invoker) AS
SELECT n.no, n.district_id, n.level, n.code,
    CASE 'cell' WHEN n.level THEN n.code WHEN p.level THEN p.code END AS cell,
    CASE 'community' WHEN n.level THEN n.code WHEN p.level THEN p.code WHEN q.level THEN q.code END AS community,
    CASE 'subdistrict' WHEN n.level THEN n.code WHEN p.level THEN p.code WHEN q.level THEN q.code WHEN r.level THEN r.code END AS subdistrict,
    p.code AS parent_code
FROM area_numbers n LEFT JOIN area_numbers p ON p.no = n.parent_no LEFT JOIN area_numbers q ON q.no = p.parent_no
LEFT JOIN area_numbers r ON r.no = q.parent_no;

CREATE VIEW layers.areas WITH (security_invoker) AS
SELECT a.level, a.code, a.name, a.name_en, a.kind, n.parent_code, n.community, n.subdistrict, e.name AS edition, a.households, a.area_m2,
    coalesce(e.effective_on, a.valid_from_on) AS valid_from_on, coalesce(e.superseded_on, a.valid_to_on) AS valid_to_on, a.simulated, a.geom,
    a.district_id, a.no AS area_no
FROM areas a JOIN layers.places n ON n.no = a.no LEFT JOIN grid_editions e ON e.id = a.edition_id WHERE e.state IS DISTINCT FROM 'draft';

CREATE VIEW layers.units WITH (security_invoker) AS
SELECT u.code, u.name, u.kind, m.code AS parent, n.code AS area, u.valid_from_on, u.valid_to_on, u.simulated, u.id, u.district_id,
    u.area_no FROM units u LEFT JOIN units m ON m.id = u.parent_id LEFT JOIN layers.places n ON n.no = u.area_no;

CREATE VIEW layers.cases WITH (security_invoker) AS
SELECT c.id, k.code AS category, k.name AS category_name, k.line, k.major, c.state, c.source, c.loop, u.code AS unit, n.code AS area, n.cell,
    n.community, n.subdistrict, c.reported_at, c.due_at, c.near_at, c.closed_at, c.version, c.simulated, c.geom,
    c.district_id, c.area_no
FROM cases c JOIN case_categories k ON k.id = c.category_id LEFT JOIN layers.places n ON n.no = c.area_no LEFT JOIN units u ON u.id = c.unit_id;

-- Who moved is told by the seats that they moved from; of what they gave and what was known then, the due time and the resident's answer.
CREATE VIEW layers.seen_cases WITH (security_invoker) AS SELECT id, district_id FROM cases;
CREATE VIEW layers.transitions WITH (security_barrier) AS
SELECT t.case_id, t.version, t.move, t.source, t.target, t.loop, u.code AS unit, n.code AS area, n.cell, n.community, n.subdistrict,
    array_to_string(t.seats, ' ') AS seats, t.at, t.recorded_at, CAST(t.facts ->> 'due_at' AS timestamptz) AS due_at,
    CAST(t.given ->> 'satisfied' AS boolean) AS satisfied, s.district_id, t.area_no
FROM case_transitions t JOIN layers.seen_cases s ON s.id = t.case_id LEFT JOIN layers.places n ON n.no = t.area_no
LEFT JOIN layers.units u ON u.id = t.unit_id;
