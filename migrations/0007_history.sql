-- History that proves itself: revisions in one order, sealed in a chain of hashes, and out of reach of
-- the service's own rights.

-- Which table holds the rows of a layer; a test compares it with the layer descriptions.
create table layer_table (layer text primary key, name text not null);
insert into layer_table values
    ('facilities', 'facility'), ('facility_outlines', 'facility'), ('dams', 'dam'),
    ('incidents', 'incident'), ('surveys', 'survey'), ('volume_changes', 'volume_change'),
    ('districts', 'district'), ('municipalities', 'municipality'),
    ('statistical_regions', 'statistical_region'), ('settlements', 'settlement'),
    ('watercourses', 'watercourse'), ('protected_areas', 'protected_area');

alter table revision add column undoes bigint references revision;
create index revision_undoes on revision (undoes) where undoes is not null;

-- What a revision wrote and ended is found by its number.
do $$
declare
    held text;
begin
    for held in select distinct name from layer_table order by name loop
        execute format('create index %I on %I (revision, id)', held || '_revision', held);
        execute format('create index %I on %I (revision, id)', held || '_history_revision', held || '_history');
        execute format('create index %I on %I (ended_by, id)', held || '_history_ended_by', held || '_history');
    end loop;
end
$$;

-- Revisions take effect in the order of their numbers: who reads up to a number has missed none
-- before it. The number is drawn after the lock is held, because this is a trigger of the statement.
create function take_turns() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('cadastre revision', 0));
    return null;
end
$$;
create trigger take_turns before insert on revision for each statement execute function take_turns();

-- Seals -----------------------------------------------------------------------------------
-- Of each revision: the id (8 bytes) and SHA-256 (32 bytes) of every row that it wrote and of every
-- row that it ended, and the hash over these, the revision itself and the hash before.
-- `columns`: how many columns a row of its table had then.

create table seal (
    revision bigint primary key references revision,
    columns integer not null,
    written bytea not null,
    ended bytea not null,
    hash bytea not null
);
-- Digests cannot be compressed.
alter table seal alter written set storage external, alter ended set storage external;

-- The columns of a table whose values are sealed: those that its history keeps, in the order in which
-- they came.
create function sealed_columns(held text) returns text[] language sql stable
set search_path = public, pg_temp
as $$
    select array_agg(case when atttypid = 'geometry'::regtype then format('%I::bytea', attname)
        else format('%I', attname) end order by attnum)
    from pg_attribute
    where attrelid = (held || '_history')::regclass and attnum > 0 and not attisdropped
        and attname not in ('valid_to', 'ended_by')
$$;

-- The expression for the bytes of a row. They depend on no setting of the session, and not on columns
-- that came after `columns` and that are null in the row.
create function row_form(held text, columns integer) returns text language sql stable
set search_path = public, pg_temp
as $$
    select format('record_send(row(%s))', array_to_string(names[:columns], ', '))
        || case when cardinality(names) > columns then format(
            ' || case when num_nonnulls(%1$s) = 0 then %2$L::bytea else record_send(row(%1$s)) end',
            array_to_string(names[columns + 1:], ', '), '') else '' end
    from sealed_columns(held) names
$$;

-- The rows that a revision wrote, as a seal lists them.
create function written_by(held text, number bigint, columns integer) returns bytea language plpgsql stable strict
set search_path = public, pg_temp set client_encoding = 'UTF8'
as $$
declare
    found bytea;
begin
    execute format(
        'select string_agg(int8send(id) || digest, %1$L order by id, digest) from ('
        'select id, sha256(%2$s) as digest from %3$I where revision = $1 union all '
        'select id, sha256(%2$s) from %4$I where revision = $1) written',
        '', row_form(held, columns), held, held || '_history')
        into found using number;
    return coalesce(found, '');
end
$$;

-- The rows that a revision ended, likewise. What they said is sealed with the revision that wrote them.
create function ended_by(held text, number bigint) returns bytea language plpgsql stable strict
set search_path = public, pg_temp
as $$
declare
    found bytea;
begin
    execute format(
        'select string_agg(int8send(id) || sha256(record_send(row(id, revision, valid_to))), %L '
        'order by id, revision) from %I where ended_by = $1', '', held || '_history')
        into found using number;
    return coalesce(found, '');
end
$$;

-- The hash of a revision in the chain.
create function chained(number bigint, previous bytea, columns integer, written bytea, ended bytea)
returns bytea language sql stable
set search_path = public, pg_temp set client_encoding = 'UTF8'
as $$
    select sha256(coalesce(previous, '') || record_send(row(
        revision.id, made_at, author, means, layer, source, comment, undoes,
        file_name, sha256, size_bytes, received_at
    )) || int4send(columns) || sha256(written) || sha256(ended))
    from revision left join upload on upload.id = revision.upload where revision.id = number
$$;

create function seal_revision(number bigint) returns void language plpgsql
security definer set search_path = public, pg_temp
as $$
declare
    held text;
    width integer;
    wrote bytea;
    closed bytea;
begin
    select name into strict held
        from revision join layer_table using (layer) where revision.id = number;
    width := cardinality(sealed_columns(held));
    wrote := written_by(held, number, width);
    closed := ended_by(held, number);
    insert into seal (revision, columns, written, ended, hash)
        select number, width, wrote, closed, chained(number, (
            select hash from seal where revision < number order by revision desc limit 1
        ), width, wrote, closed);
    perform pg_notify('cadastre_revision', number::text);
end
$$;

-- At the end of the transaction, when all is written: no statement can forget it. The trigger waits on
-- a table of its own, empty but for running transactions, because tables that refer to revisions cannot
-- be altered while one waits there.
create unlogged table unsealed (revision bigint not null);

create function await_seal() returns trigger language plpgsql
security definer set search_path = public, pg_temp
as $$
begin
    insert into unsealed values (new.id);
    return null;
end
$$;
create trigger await_seal after insert on revision for each row execute function await_seal();

create function seal_at_end() returns trigger language plpgsql
security definer set search_path = public, pg_temp
as $$
begin
    perform seal_revision(new.revision);
    delete from unsealed where revision = new.revision;
    return null;
end
$$;
create constraint trigger seal_at_end after insert on unsealed deferrable initially deferred
    for each row execute function seal_at_end();

-- Revisions made before there were seals are sealed as they stand now.
do $$
begin
    perform seal_revision(id) from (select id from revision order by id) in_order;
end
$$;

-- What only grows ---------------------------------------------------------------------------

-- The service may not write history: this trigger does, with the rights of the tables' owner.
alter function keep_history() security definer set search_path = public, pg_temp;

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the table % only grows: what it says is never changed or removed', tg_table_name;
end
$$;

-- The owner of the tables is not bound by rights, but by these.
do $$
declare
    grows text;
begin
    for grows in
        select distinct name || '_history' from layer_table union select unnest(array['revision', 'seal'])
    loop
        execute format('create trigger only_grows before update or delete or truncate on %I '
            'for each statement execute function refuse_change()', grows);
    end loop;
end
$$;

-- The role that the service works as. Makes it where that is allowed, gives it its rights where they
-- are missing (a backup brings none along), and answers whether this user may take it on.
create function prepare_service_role() returns boolean language plpgsql
set search_path = public, pg_temp
as $$
declare
    held text;
begin
    if to_regrole('cadastre_service') is null then
        begin
            create role cadastre_service nologin;
        exception
            when insufficient_privilege then return false;
            -- Another database of the cluster did it meanwhile.
            when duplicate_object or unique_violation then null;
        end;
    end if;
    if pg_has_role(current_user, (select relowner from pg_class where oid = 'revision'::regclass), 'usage')
        and not has_table_privilege('cadastre_service', 'revision', 'select')
    then
        for held in
            select format('%I', relname) from pg_class
            where relnamespace = 'public'::regnamespace and relkind in ('r', 'v')
                and pg_has_role(current_user, relowner, 'usage')
                and not exists (select from pg_depend where objid = pg_class.oid and deptype = 'e')
        loop
            execute 'grant select, insert, update, delete on ' || held || ' to cadastre_service';
        end loop;
        alter default privileges in schema public
            grant select, insert, update, delete on tables to cadastre_service;
        for held in select distinct format('%I', name || '_history') from layer_table loop
            execute 'revoke insert, update, delete on ' || held || ' from cadastre_service';
        end loop;
        revoke update, delete on revision from cadastre_service;
        revoke insert, update, delete on seal, unsealed, layer_table from cadastre_service;
        if to_regclass('_sqlx_migrations') is not null then
            revoke insert, update, delete on _sqlx_migrations from cadastre_service;
        end if;
    end if;
    return pg_has_role(current_user, 'cadastre_service', 'member');
end
$$;
do $$
begin
    perform prepare_service_role();
end
$$;

revoke execute on function seal_revision(bigint), await_seal(), seal_at_end() from public;
