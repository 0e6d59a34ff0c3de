-- Raster surveys and what is computed from them. The rasters themselves lie in the raster folder, named
-- by their digests.

create table survey (
    id bigint generated always as identity primary key,
    code text not null unique,
    facility text not null,
    kind text not null,
    surveyed_on date not null,
    method text,
    municipality text,
    district text,
    horizontal_crs text,
    vertical_datum text,
    vertical_accuracy_m double precision,
    resolution_m double precision,
    columns bigint,
    rows bigint,
    bands bigint,
    data_type text,
    valid_percent double precision,
    area_m2 double precision,
    lowest_m double precision,
    highest_m double precision,
    mean_height_m double precision,
    height_deviation_m double precision,
    lowest_value double precision,
    highest_value double precision,
    mean_value double precision,
    treatment text,
    original_name text,
    original_sha256 text,
    original_bytes bigint,
    image_sha256 text,
    image_bytes bigint,
    source text,
    remarks text,
    footprint geometry(MultiPolygon, 4326),
    revision bigint not null references revision,
    updated_at timestamptz not null,
    first_revision bigint not null,
    field_revisions jsonb not null default '{}'
);
create index survey_footprint on survey using gist (footprint);
create index survey_facility on survey (facility, id);
create index survey_kind on survey (kind, id);
create index survey_surveyed_on on survey (surveyed_on, id);
create index survey_district on survey (district, id);
create index survey_municipality on survey (municipality, id);

create table volume_change (
    id bigint generated always as identity primary key,
    code text not null unique,
    facility text not null,
    municipality text,
    district text,
    from_survey text not null,
    to_survey text not null,
    from_date date,
    to_date date,
    fill_m3 double precision,
    cut_m3 double precision,
    net_m3 double precision,
    uncertainty_m3 double precision,
    random_m3 double precision,
    systematic_m3 double precision,
    net_of_all_cells_m3 double precision,
    level_of_detection_m double precision,
    compared_area_m2 double precision,
    compared_percent double precision,
    changed_area_m2 double precision,
    excluded_area_m2 double precision,
    cell_size_m double precision,
    vertical_datum text,
    stable_area_m2 double precision,
    bias_m double precision,
    shift_east_m double precision,
    shift_north_m double precision,
    deviation_m double precision,
    correlation_length_m double precision,
    coregistered boolean,
    method text,
    warnings text,
    difference_sha256 text,
    compared_area geometry(MultiPolygon, 4326),
    revision bigint not null references revision,
    updated_at timestamptz not null,
    first_revision bigint not null,
    field_revisions jsonb not null default '{}'
);
create index volume_change_compared_area on volume_change using gist (compared_area);
create index volume_change_facility on volume_change (facility, id);
create index volume_change_to_date on volume_change (to_date, id);
create index volume_change_district on volume_change (district, id);
create index volume_change_municipality on volume_change (municipality, id);

create table survey_history (like survey, valid_to timestamptz not null, ended_by bigint not null references revision);
create table volume_change_history (like volume_change, valid_to timestamptz not null, ended_by bigint not null references revision);
create index survey_history_id on survey_history (id, valid_to);
create index volume_change_history_id on volume_change_history (id, valid_to);
create trigger keep_history before update or delete on survey for each row execute function keep_history();
create trigger keep_history before update or delete on volume_change for each row execute function keep_history();
