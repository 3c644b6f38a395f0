-- Open and overdue cases by category where a preset puts some first, else by business line.
SELECT CASE WHEN :by_category THEN k.code ELSE k.line END AS code,
    CASE WHEN :by_category THEN min(k.name) ELSE min(l.name) END AS name,
    CASE WHEN :by_category THEN min(k.name_en) ELSE min(l.name_en) END AS name_en,
    count(*) AS open, count(*) FILTER (WHERE c.state <> 'suspended' AND c.due_at < :now) AS overdue
FROM cases c JOIN case_categories k ON k.id = c.category_id
LEFT JOIN business_lines l ON l.district_id = k.district_id AND l.code = k.line
    AND daterange(l.valid_from_on, l.valid_to_on) @> district_today(k.district_id)
WHERE c.district_id = :district AND open_state(c.state) AND (NOT :by_category OR k.id = ANY (:first))
GROUP BY 1 ORDER BY overdue DESC, open DESC, code LIMIT :limit
