-- Fills the register with :rows facilities inside Serbia, the same ones at every run: spread evenly
-- over the districts, in no order, each with an outline of 12 to 60 vertices and about 25 attributes.
-- Wants the districts and municipalities in the register and nothing else.

\set ON_ERROR_STOP on
set client_min_messages = warning;

insert into revision (made_at, author, means, layer, source)
values ('2026-01-01T00:00:00Z', 'bench', 'command', 'facilities', 'tests/bench/seed.sql')
returning id as revision \gset

create schema bench;

-- A number from 0 up to 1 that depends on nothing but a row and the purpose it is drawn for.
create function bench.drawn(row_id bigint, purpose integer) returns double precision
    language sql immutable parallel safe
    return (hashint8extended(row_id, purpose) & 1099511627775)::double precision / 1099511627776;

create function bench.one_of(row_id bigint, purpose integer, variadic choices text[]) returns text
    language sql immutable parallel safe
    return choices[1 + floor(bench.drawn(row_id, purpose) * cardinality(choices))::integer];

-- Rings of radius 1 with 12 to 60 corners, four of each; no two rays cross, so all are valid.
create table bench.ring as
select row_number() over () as id, ST_MakePolygon(ST_AddPoint(line, ST_StartPoint(line))) as shape
from generate_series(12, 60) corners, generate_series(1, 4) variant,
    lateral (
        select ST_MakeLine(ST_MakePoint(radius * cos(angle), radius * sin(angle)) order by corner) as line
        from generate_series(1, corners) corner,
            lateral (select 2 * pi() * corner / corners as angle,
                0.6 + 0.4 * bench.drawn(corner * 1000 + corners, variant) as radius) polar
    ) drawn;

-- So many points in each district as its area asks for, then shuffled.
create table bench.place as
select row_number() over (order by hashint8extended(number << 32 | path[1], 1)) as id, *
from (
    select district.id as number, code as district, statistical_region as region, dumped.path, dumped.geom as point
    from district, (select sum(ST_Area(area)) as area from district) serbia,
        lateral ST_Dump(ST_GeneratePoints(district.area,
            ceil(:rows * ST_Area(district.area) / serbia.area)::integer + 1, district.id::integer)) dumped
) scattered;

insert into facility (
    code, name, name_latin, facility_type, status, mine, operator, municipality, district,
    statistical_region, commodities, waste_code, waste_storage, in_scope, raising_method, height_m,
    crest_level_m, area_m2, volume_m3, start_year, end_year, surveyed_on, observation_method,
    location_accuracy_m, unofficial, external_id, source, remarks, location, outline,
    first_revision, revision, updated_at)
select
    format('RS-%s-%s', coalesce(municipality, 'KM'), lpad(place.id::text, 7, '0')),
    'Флотацијско јаловиште ' || place.id,
    'Flotacijsko jalovište ' || place.id,
    bench.one_of(place.id, 2, 'tailings_pond', 'waste_rock_dump', 'overburden_dump', 'slag_heap', 'ash_pond'),
    status,
    bench.one_of(place.id, 4, 'Велики Кривељ', 'Мајданпек', 'Леце', 'Рудник', 'Грот'),
    bench.one_of(place.id, 5, 'Serbia Zijin Copper d.o.o. Bor', 'Rudnik i flotacija Rudnik d.o.o.', 'JP EPS'),
    municipality,
    place.district,
    region,
    case when bench.drawn(place.id, 6) < 0.5 then array['copper', 'gold', 'silver'] else array['lead', 'zinc'] end,
    bench.one_of(place.id, 7, '010101', '010306', '010304', '100101'),
    'surface',
    true,
    case when bench.drawn(place.id, 8) < 0.5 then bench.one_of(place.id, 9, 'upstream', 'downstream', 'centreline') end,
    round((5 + 90 * bench.drawn(place.id, 10))::numeric, 1),
    case when bench.drawn(place.id, 11) < 0.5 then round((200 + 600 * bench.drawn(place.id, 12))::numeric, 2) end,
    round((pi() * radius_m * radius_m)::numeric, 1),
    round((20 * radius_m * radius_m)::numeric, 1),
    1900 + floor(100 * bench.drawn(place.id, 13)),
    case when status <> 'operating' then 2000 + floor(25 * bench.drawn(place.id, 13)) end,
    date '2015-01-01' + floor(4000 * bench.drawn(place.id, 14))::integer,
    bench.one_of(place.id, 15, 'gnss_rtk', 'uav_photogrammetry', 'orthophoto', 'satellite'),
    round((0.02 + 10 * bench.drawn(place.id, 16))::numeric, 2),
    false,
    'SRB-' || place.id,
    'Survey of closed and abandoned facilities, sheet ' || place.id % 500,
    case when bench.drawn(place.id, 17) < 0.25 then 'Приступ "са севера", круна делимично еродована.' end,
    ST_SetSRID(point, 4326),
    ST_Multi(ST_SetSRID(ST_Affine(shape, wide * cos(turn), -wide * sin(turn), high * sin(turn),
        high * cos(turn), ST_X(point), ST_Y(point)), 4326)),
    :revision, :revision, '2026-01-01T00:00:00Z'
from bench.place
left join (select district, array_agg(code order by code) as codes from municipality group by district) known
    on known.district = place.district
join bench.ring on ring.id = 1 + floor(196 * bench.drawn(place.id, 18)),
    lateral (select bench.one_of(place.id, 3, 'operating', 'closed', 'abandoned') as status,
        case when codes is not null then bench.one_of(place.id, 19, variadic codes) end as municipality,
        20 + 280 * bench.drawn(place.id, 20) as radius_m, 2 * pi() * bench.drawn(place.id, 21) as turn) chosen,
    -- A degree of longitude has about 80 km in Serbia, one of latitude 111 km.
    lateral (select radius_m / 80000 as wide, radius_m / 111000 as high) degrees
where place.id <= :rows
order by place.id;

insert into layer_state
    (layer, feature_count, without_geometry, west, south, east, north, revision, changed_at)
select layer, counted, 0, ST_XMin(extent), ST_YMin(extent), ST_XMax(extent), ST_YMax(extent),
    :revision, '2026-01-01T00:00:00Z'
from (
    select 'facilities' as layer, count(*) as counted, ST_Extent(location) as extent from facility
    union all
    select 'facility_outlines', count(outline), ST_Extent(outline) from facility
) seen
on conflict (layer) do update set feature_count = excluded.feature_count, west = excluded.west,
    south = excluded.south, east = excluded.east, north = excluded.north,
    revision = excluded.revision, changed_at = excluded.changed_at;

drop schema bench cascade;
vacuum analyze;
checkpoint;
