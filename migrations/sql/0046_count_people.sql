-- Places, objects and organisations; neither persons nor the flats that they live in. What has no position of its own stands where its site is.
CREATE VIEW layers.seen_elements WITH (security_invoker) AS SELECT id FROM elements WHERE kind <> 'person';
CREATE VIEW layers.elements WITH (security_barrier) AS
SELECT e.id, e.kind, e.type, y.name AS type_name, e.name, u.code AS unit, n.code AS area, n.cell, n.community, n.subdistrict, o.state, p.floors,
    e.valid_from_on, e.valid_to_on, e.simulated, coalesce(e.geom, s.geom, w.geom) AS geom, e.district_id, e.area_no
FROM elements e JOIN layers.seen_elements v ON v.id = e.id JOIN element_types y ON y.kind = e.kind AND y.code = e.type
LEFT JOIN layers.places n ON n.no = e.area_no LEFT JOIN layers.units u ON u.id = e.unit_id
LEFT JOIN places p ON p.id = e.id LEFT JOIN city_objects o ON o.id = e.id
LEFT JOIN elements s ON s.id = e.site_id LEFT JOIN elements w ON w.id = s.site_id
WHERE e.kind <> 'person' AND e.type <> 'dwelling' AND e.merged_into IS NULL;

-- How many people of a need live in a cell of one's territory; fewer than five are not told.
CREATE VIEW layers.people WITH (security_barrier) AS
SELECT n.cell, n.community, n.subdistrict, coalesce(d.need, 'any') AS need, CASE WHEN count(*) >= 5 THEN count(*) END AS persons,
    bool_or(e.simulated) AS simulated, e.district_id, e.area_no
FROM elements e JOIN persons h ON h.id = e.id JOIN layers.places n ON n.no = e.area_no
LEFT JOIN LATERAL (SELECT NULL AS need UNION ALL SELECT m.need FROM person_needs m WHERE m.person_id = e.id) d ON true
WHERE e.kind = 'person' AND e.merged_into IS NULL AND h.restricted_at IS NULL AND n.level = 'cell'
    AND e.area_no <@ (SELECT territory()) GROUP BY n.cell, n.community, n.subdistrict, d.need, e.district_id, e.area_no;

-- Posts and who looks after a cell, counted: neither who holds them nor who they are.
CREATE VIEW layers.seen_posts WITH (security_invoker) AS SELECT id FROM posts;
CREATE VIEW layers.posts WITH (security_barrier) AS
SELECT u.code AS unit, p.role, n.level, n.code AS area, count(DISTINCT p.id) AS posts, count(DISTINCT h.staff_id) AS holders,
    bool_or(p.simulated) AS simulated, u.district_id, n.no AS area_no
FROM posts p JOIN layers.seen_posts v ON v.id = p.id JOIN layers.units u ON u.id = p.unit_id
LEFT JOIN post_areas a ON a.post_id = p.id LEFT JOIN layers.places n ON n.no = a.area_no
LEFT JOIN post_holders h ON h.post_id = p.id AND daterange(h.from_on, h.until_on) @> district_today(u.district_id)
GROUP BY u.code, p.role, n.level, n.code, u.district_id, n.no;

CREATE VIEW layers.assignments WITH (security_barrier) AS
SELECT n.cell, n.community, n.subdistrict, a.kind, a.duty, a.from_on, a.until_on, count(*) AS people, n.district_id, n.no AS area_no
FROM assignments a JOIN layers.places n ON n.no = a.cell_no WHERE a.cell_no <@ (SELECT territory())
GROUP BY n.cell, n.community, n.subdistrict, a.kind, a.duty, a.from_on, a.until_on, n.district_id, n.no;

CREATE POLICY units_counted ON units FOR SELECT TO panlong_analyst USING (
    (SELECT all_areas_seen()) OR area_no IS NULL OR area_no <@ (SELECT territory()) OR kind = 'command');
CREATE POLICY posts_counted ON posts FOR SELECT TO panlong_analyst USING ((SELECT whole_territory()) OR post_in_sight(id));
CREATE POLICY elements_counted ON elements FOR SELECT TO panlong_analyst USING (kind <> 'person' AND ((SELECT whole_territory())
    OR (area_no >= (SELECT lower(territory())) AND area_no < (SELECT upper(territory())) AND area_no <@ (SELECT territory()))));
GRANT SELECT (id, district_id, code, name, kind, parent_id, area_no, valid_from_on, valid_to_on, simulated) ON units TO panlong_analyst;
GRANT SELECT (id) ON posts TO panlong_analyst;
GRANT SELECT (id, kind) ON elements TO panlong_analyst;
GRANT EXECUTE ON FUNCTION post_in_sight(integer) TO panlong_analyst;
GRANT USAGE ON SCHEMA layers TO panlong_app, panlong_analyst;
GRANT SELECT ON ALL TABLES IN SCHEMA layers TO panlong_app, panlong_analyst;
