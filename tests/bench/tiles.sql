-- What the competitors of vector tiles publish: the same content as the service's own tiles of facilities.
-- `sites` is every site with the attributes of fine tiles, `site_tiles` the coarse tiles (zooms below 12), which
-- count sites where they are many. Expects the attributes of tiles as the variable `columns`.

\set ON_ERROR_STOP on
set client_min_messages = warning;
-- As the service asks for it: compiling plans costs more than it saves.
alter database cadastre set jit = off;
drop schema if exists tiles cascade;
create schema tiles;

create view tiles.sites as
select id, location, :columns,
    num_nonnulls(facility_type, nullif(status, 'unknown'), operator, municipality, waste_code, in_scope, height_m,
        area_m2, volume_m3, mass_t, start_year) * 100 / 11 as completeness_percent,
    case when in_scope = false then 'outside_scope'
        when waste_code in ('010304', '010305', '010307', '010310', '010407', '010505', '010506', '100401', '110202')
            then 'a' else 'undetermined' end as proposed_category
from facility where location is not null;

-- A place as a fraction of the world, from the west and from the north.
create function tiles.across(location geometry) returns double precision language sql immutable parallel safe
    return ST_X(location) / 360 + 0.5;
create function tiles.down(location geometry) returns double precision language sql immutable parallel safe
    return 0.5 - ln(tan(radians(ST_Y(location)) / 2 + pi() / 4)) / (2 * pi());

-- Each site by itself with the attributes of coarse tiles, or null where they are more than 2000.
create function tiles.each_site(z integer, x integer, y integer) returns bytea language plpgsql stable parallel safe as $$
declare
    box geometry := ST_Transform(ST_TileEnvelope(z, x, y), 4326);
    sides double precision := 2 ^ z;
    made bytea;
begin
    if (select count(*) from (select 1 from facility where location && box limit 2001) few) > 2000 then
        return null;
    end if;
    select ST_AsMVT(tile, 'facilities', 4096, 'geom', 'id') into made from (
        select ST_MakePoint(round((tiles.across(location) * sides - x) * 4096),
            round((tiles.down(location) * sides - y) * 4096)) as geom, id, code,
            case when z >= 6 then name end as name, case when z >= 6 then name_latin end as name_latin,
            case when z >= 6 then name_en end as name_en, facility_type, status, waste_code, volume_m3,
            completeness_percent, proposed_category
        from tiles.sites where location && box
    ) tile;
    return made;
end $$;

-- Sites counted in 16 by 16 cells; one that is alone in its cell is shown by itself.
create function tiles.counted_sites(z integer, x integer, y integer) returns bytea language sql stable parallel safe as $$
with placed as (
    select id, ST_X(location) as lon, ST_Y(location) as lat, tiles.across(location) as across,
        tiles.down(location) as down, area_m2, volume_m3, mass_t
    from facility where location && ST_Transform(ST_TileEnvelope(z, x, y), 4326)
), cells as (
    select * from (
        select floor(across * 2 ^ (z + 4)) as cell_x, floor(down * 2 ^ (z + 4)) as cell_y, count(*) as count,
            min(id) as any_id, avg(lon) as mean_lon, avg(lat) as mean_lat, min(lon) as west, min(lat) as south,
            max(lon) as east, max(lat) as north, sum(area_m2) as sum_area_m2, count(area_m2) as known_area_m2,
            sum(volume_m3) as sum_volume_m3, count(volume_m3) as known_volume_m3, sum(mass_t) as sum_mass_t,
            count(mass_t) as known_mass_t
        from placed group by 1, 2 offset 0
    ) every
    where cell_x between x * 16 and x * 16 + 15 and cell_y between y * 16 and y * 16 + 15
), shown as (
    select case when count = 1 then any_id end as id, ST_MakePoint(mean_lon, mean_lat) as place,
        case when count > 1 then count end as count,
        case when count > 1 then west end as west, case when count > 1 then south end as south,
        case when count > 1 then east end as east, case when count > 1 then north end as north,
        case when count > 1 then sum_area_m2 end as sum_area_m2,
        case when count > 1 then known_area_m2 end as known_area_m2,
        case when count > 1 then sum_volume_m3 end as sum_volume_m3,
        case when count > 1 then known_volume_m3 end as known_volume_m3,
        case when count > 1 then sum_mass_t end as sum_mass_t,
        case when count > 1 then known_mass_t end as known_mass_t
    from cells
)
select ST_AsMVT(tile, 'facilities', 4096, 'geom', 'id') from (
    select ST_MakePoint(least(round((tiles.across(place) * 2 ^ z - x) * 4096), 4095),
            least(round((tiles.down(place) * 2 ^ z - y) * 4096), 4095)) as geom,
        shown.id, shown.count, shown.west, shown.south, shown.east, shown.north, sum_area_m2, known_area_m2,
        sum_volume_m3, known_volume_m3, sum_mass_t, known_mass_t,
        code, case when z >= 6 then name end as name,
        case when z >= 6 then name_latin end as name_latin, case when z >= 6 then name_en end as name_en,
        facility_type, status, waste_code, volume_m3, completeness_percent, proposed_category
    from shown left join tiles.sites on sites.id = shown.id
) tile
$$;

create function tiles.site_tiles(z integer, x integer, y integer) returns bytea language sql stable parallel safe as $$
select coalesce(tiles.each_site(z, x, y), tiles.counted_sites(z, x, y), '')
$$;
