-- What sorting, searching and generalising need of the database.

-- With the names themselves, so that a search for words in them (`q=`) goes through the index and folds
-- none again.
drop index facility_name_folded;
drop index dam_name_folded;
drop index incident_name_folded;
drop index municipality_name_folded;
drop index settlement_name_folded;
drop index watercourse_name_folded;
drop index protected_area_name_folded;
create index facility_name_folded on facility (fold_accents(name) text_pattern_ops) include (name, id);
create index dam_name_folded on dam (fold_accents(name) text_pattern_ops) include (name, id);
create index incident_name_folded on incident (fold_accents(name) text_pattern_ops) include (name, id);
create index municipality_name_folded on municipality (fold_accents(name) text_pattern_ops) include (name, id);
create index settlement_name_folded on settlement (fold_accents(name) text_pattern_ops) include (name, id);
create index watercourse_name_folded on watercourse (fold_accents(name) text_pattern_ops) include (name, id);
create index protected_area_name_folded on protected_area (fold_accents(name) text_pattern_ops) include (name, id);

-- The orders that people ask for most, of the one layer that is large. Few: each delays every import.
create index facility_volume on facility (volume_m3, id);
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
