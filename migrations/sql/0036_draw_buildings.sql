-- One vector tile of the registered buildings that the one who asks has in sight, each with its outline. A height that nobody has
-- recorded is reckoned from the floors, so many metres each, and said to be assumed; of a building without either none is told. `ground`
-- is the house of the base map on which it stands, so that none is drawn twice.
CREATE FUNCTION building_tile(z integer, x integer, y integer, of_district integer, on_day date, floor_m double precision) RETURNS bytea
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET jit = off SET max_parallel_workers_per_gather = 0 AS $f$
DECLARE
    made bytea; whole constant boolean := whole_territory(); seen constant int8multirange := territory();
    units constant integer[] := acting_units(); tile constant geometry := ST_TileEnvelope(z, x, y);
    -- An outline reaches no further from its point than this, in EPSG:3857.
    wide constant geometry := ST_Expand(tile, 300);
BEGIN
    SELECT ST_AsMVT(f, 'buildings', 4096, 'geom', 'id') INTO made FROM (
        SELECT e.id, e.name, coalesce(p.height_m, p.floors * floor_m)::double precision AS height, p.height_m IS NULL AS assumed, g.id AS ground,
            ST_AsMVTGeom(ST_Transform(p.shape, 3857), tile, 4096, 128) AS geom
        FROM elements e JOIN places p ON p.id = e.id
        LEFT JOIN LATERAL (SELECT g.id FROM ground_features g WHERE g.district_id = of_district AND g.kind = 'building'
            AND ST_Intersects(g.geom_3857, e.geom_3857) ORDER BY g.id LIMIT 1) g ON true
        WHERE e.geom_3857 && wide AND e.district_id = of_district AND e.kind = 'place' AND e.type = 'building' AND e.merged_into IS NULL
            AND ST_Dimension(p.shape) = 2 AND e.valid_from_on <= on_day AND (e.valid_to_on IS NULL OR e.valid_to_on > on_day)
            AND (whole OR e.area_no <@ seen OR e.unit_id = ANY (units))
        ORDER BY e.id
    ) f WHERE geom IS NOT NULL;
    RETURN coalesce(made, '');
END $f$;
REVOKE EXECUTE ON FUNCTION building_tile(integer, integer, integer, integer, date, double precision) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION building_tile(integer, integer, integer, integer, date, double precision) TO panlong_app;
