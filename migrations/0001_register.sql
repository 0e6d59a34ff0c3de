-- The register: revisions, facilities, dams, incidents, regions, reference layers; history written
-- by every change.

create extension if not exists postgis;

-- Uploads and revisions ---------------------------------------------------------------------

create table upload (
    id bigint generated always as identity primary key,
    file_name text not null,
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    size_bytes bigint not null check (size_bytes >= 0),
    received_at timestamptz not null
);

create table revision (
    id bigint generated always as identity primary key,
    made_at timestamptz not null,
    author text not null,
    means text not null check (means in ('command', 'upload', 'sign_in')),
    layer text not null,
    source text,
    comment text,
    upload bigint references upload
);

-- What the register says now --------------------------------------------------------------
-- Every table below: `id` is the feature id and the order of pages, `code` the name people use,
-- `revision` and `updated_at` the revision that wrote the row, `first_revision` the one that
-- created it (the same at first, so it needs no check of its own), `field_revisions` the later
-- revision of each field changed since.

create table facility (
    id bigint generated always as identity primary key,
    code text not null unique,
    name text not null,
    name_latin text,
    name_en text,
    facility_type text,
    status text,
    mine text,
    operator text,
    municipality text,
    district text,
    statistical_region text,
    commodities text[],
    waste_code text,
    waste_storage text,
    in_scope boolean,
    raising_method text,
    height_m double precision,
    crest_level_m double precision,
    area_m2 double precision,
    volume_m3 double precision,
    mass_t double precision,
    start_year bigint,
    end_year bigint,
    event_note text,
    surveyed_on date,
    observation_method text,
    location_accuracy_m double precision,
    unofficial boolean,
    external_id text,
    source text,
    remarks text,
    contact text,
    location geometry(Point, 4326),
    outline geometry(MultiPolygon, 4326),
    revision bigint not null references revision,
    updated_at timestamptz not null,
    first_revision bigint not null,
    field_revisions jsonb not null default '{}'
);
-- What has no place is not in the spatial indexes, which cost most when rows are added.
create index facility_location on facility using gist (location) where location is not null;
create index facility_without_location on facility (id) where location is null;
create index facility_outline on facility using gist (outline) where outline is not null;
-- Every plan reads the histogram of places; a coarser one plans as well in less time.
alter table facility alter location set statistics 25, alter outline set statistics 25;
create index facility_with_outline on facility (id) where outline is not null;
create index facility_district on facility (district, id);
create index facility_municipality on facility (municipality, id);
create index facility_type on facility (facility_type, id);
create index facility_status on facility (status, id);
create index facility_external_id on facility (external_id) where external_id is not null;

create table dam (
    id bigint generated always as identity primary key,
    code text not null unique,
    facility text not null,
    name text,
    name_latin text,
    raising_method text,
    height_m double precision,
    crest_level_m double precision,
    crest_length_m double precision,
    start_year bigint,
    factor_of_safety double precision,
    surveyed_on date,
    observation_method text,
    unofficial boolean,
    source text,
    remarks text,
    crest geometry(LineString, 4326),
    revision bigint not null references revision,
    updated_at timestamptz not null,
    first_revision bigint not null,
    field_revisions jsonb not null default '{}'
);
create index dam_crest on dam using gist (crest);
create index dam_facility on dam (facility, id);

create table incident (
    id bigint generated always as identity primary key,
    code text not null unique,
    facility text,
    name text not null,
    name_latin text,
    kind text,
    occurred_on date,
    occurred_year bigint,
    notified_on date,
    notified_at timestamptz,
    notified_in_time boolean,
    municipality text,
    district text,
    cause text,
    released_volume_m3 double precision,
    watercourse text,
    affected_length_m double precision,
    deaths bigint,
    injured bigint,
    consequences text,
    measures text,
    location_accuracy_m double precision,
    unofficial boolean,
    source text,
    remarks text,
    location geometry(Point, 4326),
    revision bigint not null references revision,
    updated_at timestamptz not null,
    first_revision bigint not null,
    field_revisions jsonb not null default '{}'
);
create index incident_location on incident using gist (location);
create index incident_facility on incident (facility, id);
create index incident_kind on incident (kind, id);
create index incident_occurred_on on incident (occurred_on, id);
create index incident_district on incident (district, id);
create index incident_municipality on incident (municipality, id);

create table district (
    id bigint generated always as identity primary key,
    code text not null unique,
    name text not null,
    name_latin text,
    seat text,
    statistical_region text,
    nuts3 text,
    source text,
    area geometry(MultiPolygon, 4326),
    revision bigint not null references revision,
    updated_at timestamptz not null,
    first_revision bigint not null,
    field_revisions jsonb not null default '{}'
);
create index district_area on district using gist (area);

create table municipality (
    id bigint generated always as identity primary key,
    code text not null unique,
    name text not null,
    name_latin text,
    district text,
    kind text,
    source text,
    area geometry(MultiPolygon, 4326),
    revision bigint not null references revision,
    updated_at timestamptz not null,
    first_revision bigint not null,
    field_revisions jsonb not null default '{}'
);
create index municipality_area on municipality using gist (area);

create table statistical_region (
    id bigint generated always as identity primary key,
    code text not null unique,
    name text not null,
    name_latin text,
    source text,
    area geometry(MultiPolygon, 4326),
    revision bigint not null references revision,
    updated_at timestamptz not null,
    first_revision bigint not null,
    field_revisions jsonb not null default '{}'
);
create index statistical_region_area on statistical_region using gist (area);

create table settlement (
    id bigint generated always as identity primary key,
    code text not null unique,
    name text not null,
    name_latin text,
    kind text,
    municipality text,
    district text,
    population bigint,
    households bigint,
    census_year bigint,
    source text,
    remarks text,
    location geometry(Point, 4326),
    revision bigint not null references revision,
    updated_at timestamptz not null,
    first_revision bigint not null,
    field_revisions jsonb not null default '{}'
);
create index settlement_location on settlement using gist (location);
create index settlement_municipality on settlement (municipality, id);
create index settlement_district on settlement (district, id);

create table watercourse (
    id bigint generated always as identity primary key,
    code text not null unique,
    name text,
    name_latin text,
    kind text,
    water_order text,
    stream_order bigint,
    persistence text,
    tributary_of text,
    basin text,
    length_m double precision,
    source text,
    remarks text,
    course geometry(MultiLineString, 4326),
    revision bigint not null references revision,
    updated_at timestamptz not null,
    first_revision bigint not null,
    field_revisions jsonb not null default '{}'
);
create index watercourse_course on watercourse using gist (course);
create index watercourse_name on watercourse (name, id);
create index watercourse_kind on watercourse (kind, id);

create table protected_area (
    id bigint generated always as identity primary key,
    code text not null unique,
    name text not null,
    name_latin text,
    kind text,
    protection_category text,
    iucn_category text,
    emerald boolean,
    natura_2000 boolean,
    ramsar boolean,
    act text,
    designated_on date,
    manager text,
    area_m2 double precision,
    source text,
    remarks text,
    area geometry(MultiPolygon, 4326),
    revision bigint not null references revision,
    updated_at timestamptz not null,
    first_revision bigint not null,
    field_revisions jsonb not null default '{}'
);
create index protected_area_area on protected_area using gist (area);
create index protected_area_kind on protected_area (kind, id);

-- What it said before -----------------------------------------------------------------------
-- The rows that a revision replaced, valid from their `updated_at` until `valid_to`.

create table facility_history (like facility, valid_to timestamptz not null, ended_by bigint not null references revision);
create table dam_history (like dam, valid_to timestamptz not null, ended_by bigint not null references revision);
create table incident_history (like incident, valid_to timestamptz not null, ended_by bigint not null references revision);
create table district_history (like district, valid_to timestamptz not null, ended_by bigint not null references revision);
create table municipality_history (like municipality, valid_to timestamptz not null, ended_by bigint not null references revision);
create table statistical_region_history (like statistical_region, valid_to timestamptz not null, ended_by bigint not null references revision);
create table settlement_history (like settlement, valid_to timestamptz not null, ended_by bigint not null references revision);
create table watercourse_history (like watercourse, valid_to timestamptz not null, ended_by bigint not null references revision);
create table protected_area_history (like protected_area, valid_to timestamptz not null, ended_by bigint not null references revision);

create index facility_history_id on facility_history (id, valid_to);
create index dam_history_id on dam_history (id, valid_to);
create index incident_history_id on incident_history (id, valid_to);
create index district_history_id on district_history (id, valid_to);
create index municipality_history_id on municipality_history (id, valid_to);
create index statistical_region_history_id on statistical_region_history (id, valid_to);
create index settlement_history_id on settlement_history (id, valid_to);
create index watercourse_history_id on watercourse_history (id, valid_to);
create index protected_area_history_id on protected_area_history (id, valid_to);

-- A trigger, not the program, keeps history: no statement on these tables can forget it. An update
-- says its revision in the new row; a deletion says it in the setting `cadastre.revision`.
create function keep_history() returns trigger language plpgsql as $$
declare
    ending revision%rowtype;
begin
    if tg_op = 'UPDATE' then
        select * into strict ending from revision where id = new.revision;
        if new.revision = old.revision then
            raise exception 'a change of % % needs a revision of its own', tg_table_name, old.code;
        end if;
    else
        select * into strict ending from revision where id = current_setting('cadastre.revision')::bigint;
    end if;
    execute format('insert into %I select ($1).*, $2, $3', tg_table_name || '_history')
        using old, ending.made_at, ending.id;
    return coalesce(new, old);
end
$$;

create trigger keep_history before update or delete on facility for each row execute function keep_history();
create trigger keep_history before update or delete on dam for each row execute function keep_history();
create trigger keep_history before update or delete on incident for each row execute function keep_history();
create trigger keep_history before update or delete on district for each row execute function keep_history();
create trigger keep_history before update or delete on municipality for each row execute function keep_history();
create trigger keep_history before update or delete on statistical_region for each row execute function keep_history();
create trigger keep_history before update or delete on settlement for each row execute function keep_history();
create trigger keep_history before update or delete on watercourse for each row execute function keep_history();
create trigger keep_history before update or delete on protected_area for each row execute function keep_history();

-- What is known of each layer without reading its rows ----------------------------------------

create table layer_state (
    layer text primary key,
    feature_count bigint not null default 0,
    without_geometry bigint not null default 0,
    west double precision,
    south double precision,
    east double precision,
    north double precision,
    revision bigint references revision,
    changed_at timestamptz
);

-- An empty table is filled many times faster without its indexes and references. Takes them off and
-- says how to put them back; nothing, where rows stand already or somebody reads the table just now.
-- B-trees of a part of the rows stay: in them rows come in order, or not at all. A new file, which is
-- what truncating makes, needs no write-ahead log where wal_level is minimal.
create function take_off_indexes(filled regclass) returns setof text language plpgsql as $$
declare
    occupied boolean;
    part record;
begin
    execute format('select exists (select from %s)', filled) into occupied;
    if occupied then
        return;
    end if;
    begin
        execute format('lock table %s in access exclusive mode nowait', filled);
    exception when lock_not_available then
        return;
    end;
    execute format('select exists (select from %s)', filled) into occupied;
    if occupied then
        return;
    end if;
    for part in
        select format('alter table %s drop constraint %I', filled, conname) as take_off,
            format('alter table %s add constraint %I %s', filled, conname, pg_get_constraintdef(oid)) as put_back
        from pg_constraint where conrelid = filled and contype in ('u', 'f')
        union all
        select format('drop index %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
        from pg_index join pg_class on pg_class.oid = indexrelid join pg_am on pg_am.oid = relam
        where indrelid = filled and (indpred is null or amname <> 'btree')
            and not exists (select from pg_constraint where conindid = indexrelid)
    loop
        execute part.take_off;
        return next part.put_back;
    end loop;
    execute format('truncate %s', filled);
end
$$;
