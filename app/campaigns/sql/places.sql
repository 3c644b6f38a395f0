-- Places in sight after an id, with how it stands at each, and the case that was found as far as it is in sight too; of a case that
-- was handled on the spot one picture from before and one from after.
SELECT p.id, p.label, ST_X(p.geom) AS lon, ST_Y(p.geom) AS lat, g.state, g.visited_at, g.visits, c.id AS case_id, c.number AS case_number,
    c.state AS case_state, p.area_no <@ (SELECT territory()) AS own, (
        SELECT min(t.file_id) FROM case_attachments t WHERE t.case_id = c.id AND t.field = 'before') AS before_id, (
        SELECT min(t.file_id) FROM case_attachments t WHERE t.case_id = c.id AND t.field = 'after') AS after_id
FROM campaign_places p JOIN campaign_coverage(:id) g ON g.place_id = p.id LEFT JOIN cases c ON c.id = g.case_id
WHERE p.campaign_id = :id AND p.id > :after AND (CAST(:state AS text) IS NULL OR g.state = :state
    OR :state = 'visited' AND g.state <> 'unvisited') ORDER BY p.id LIMIT :limit
