-- Uploads that wait for review: a file that somebody sent, what was found in it, what was decided.
-- (The table `upload` names the file that a revision came from.)

create table submission (
    id bigint generated always as identity primary key,
    state text not null check (state in
        ('receiving', 'received', 'inspecting', 'ready', 'publishing', 'published', 'rejected', 'failed')),
    file_name text not null,
    size_bytes bigint not null check (size_bytes > 0),
    sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
    -- How it is to be read: layer, coordinate system, mapping, what reviewers said of its records.
    reading jsonb not null,
    source text,
    comment text,
    submitted_by text not null,
    submitted_at timestamptz not null,
    idempotency_key text,
    -- How far the present step is, and how often the service began it.
    stage text,
    records_done bigint,
    records_total bigint,
    attempts integer not null default 0,
    -- What the last inspection found.
    outcome text,
    counts jsonb,
    failure jsonb,
    decided_by text,
    decided_at timestamptz,
    decision_comment text,
    revision bigint references revision,
    changed_at timestamptz not null,
    unique (submitted_by, idempotency_key)
);
create index submission_of on submission (submitted_by, id);

-- What the service has to do. Whoever works on an upload holds its row's lock to the end of the work: the
-- lock goes with the process or the database, and the next one begins anew.
create table submission_work (
    submission bigint primary key references submission on delete cascade,
    queued_at timestamptz not null
);

-- The reports of the last inspection, as they are served.
create table submission_report (
    submission bigint not null references submission on delete cascade,
    media_type text not null,
    lang text not null,
    content bytea not null,
    primary key (submission, media_type, lang)
);

-- What the register would say of the records that the upload brings.
create table submission_record (
    submission bigint not null references submission on delete cascade,
    row_number bigint not null,
    verdict text not null check (verdict in ('new', 'changed', 'unchanged')),
    properties jsonb not null,
    geometry geometry(Geometry, 4326),
    primary key (submission, row_number)
);
