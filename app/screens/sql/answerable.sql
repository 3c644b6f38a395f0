-- Who answers for areas: the desk of each, and the post that leads it; not who holds the post.
SELECT DISTINCT ON (a.id) a.id, u.name AS unit, u.name_en AS unit_en, p.role
FROM areas a JOIN units u ON u.area_no = a.no AND u.kind IN ('command', 'sub_centre', 'community')
LEFT JOIN posts p ON p.unit_id = u.id AND p.role IN ('duty_officer', 'subcentre_head', 'community_desk')
WHERE a.id = ANY (CAST(:areas AS int[]))
ORDER BY a.id, p.role IS NULL, u.kind <> 'sub_centre', u.code, p.id
