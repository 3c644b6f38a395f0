-- A million cases like those of a bulk load. A text has three pieces: the first is in a fifth of all cases, the second in a
-- thousandth, the third in one alone.
INSERT INTO cases_900 (id, district_id, category_id, state, reported_at, due_at, area_id, area_no, cell_id, number, address,
    description, geom, geom_3857, simulated)
SELECT 900 + n, 1, k.id, CASE WHEN n % 25 = 0 THEN 'handling' ELSE 'closed' END, now() - n * interval '1 minute',
    now() + (n % 999) * interval '1 hour', a.id, a.no, a.id,
    format('盘-LM-%s-%s', to_char(now() - n * interval '1 minute', 'YYYYMMDD'), lpad((n % 1440)::text, 4, '0')),
    format('%s%s路%s号附近', a.name, (ARRAY['北京', '白云', '金星', '穿金', '龙泉'])[1 + n % 5], n % 300),
    format('%s，%s%s，请派人处理', (ARRAY['垃圾成堆', '路灯不亮', '井盖破损', '违章停车', '占道经营'])[1 + n * 7 % 5],
        CASE WHEN n % 1000 = 77 THEN '靠近幼儿园' ELSE '影响通行' END, CASE WHEN n = 654321 THEN '旁有孔雀' ELSE '' END),
    p.at, ST_Transform(p.at, 3857), true
FROM (SELECT *, row_number() OVER () - 1 AS i, count(*) OVER () AS cells FROM areas WHERE level = 'cell') a
JOIN generate_series(1, :cases) n ON a.i = n % a.cells
CROSS JOIN LATERAL (SELECT ST_Transform(a.label_3857, 4490) AS at) p
CROSS JOIN (SELECT min(id) AS id FROM case_categories) k
