-- What sorting, searching and generalising need of the database.

-- The words of names without case, script or accents. `domain::search` parts what is searched for in
-- the same way.
create function search_words(value text) returns tsvector
language sql immutable strict parallel safe
return to_tsvector('simple'::regconfig,
    regexp_replace(fold_accents(value) collate "und-x-icu", '[^[:alnum:]]+', ' ', 'g'));

-- The code and the names of a layer; a test compares each with the layer's description. Layers with a
-- few hundred records need none.
create index facility_words on facility using gin (search_words(
    coalesce(code, '') || ' ' || coalesce(name, '') || ' ' || coalesce(name_en, '') || ' ' || coalesce(mine, '')
    || ' ' || coalesce(operator, '')));
create index settlement_words on settlement using gin (search_words(
    coalesce(code, '') || ' ' || coalesce(name, '')));
create index watercourse_words on watercourse using gin (search_words(
    coalesce(code, '') || ' ' || coalesce(name, '') || ' ' || coalesce(tributary_of, '') || ' ' || coalesce(basin, '')));

-- The orders that people ask for; names have an index already. The other layers are small.
create index facility_volume on facility (volume_m3, id);
create index facility_height on facility (height_m, id);
-- Also the first and the last day of the layer.
create index facility_surveyed_on on facility (surveyed_on, id);

-- A line or outline no further than the tolerance from the recorded one, of the same type; the recorded
-- one where that would not be valid.
create function generalised(shape geometry, tolerance_degrees double precision) returns geometry
language sql immutable strict parallel safe as $$
    select case
        when not ST_IsValid(simple) then shape
        when ST_NumGeometries(shape) = 1 and GeometryType(shape) like 'MULTI%' then ST_Multi(simple)
        else simple
    end
    from ST_SimplifyPreserveTopology(shape, tolerance_degrees) simple
$$;
