-- The service, too, fills an empty table without its indexes. It owns no table: the owner takes off and puts
-- back for it, and keeps what is to be put back where the service does not write. No text of a statement
-- is taken from whoever calls.

-- Empty but for running transactions.
create unlogged table taken_off (
    place bigint generated always as identity primary key,
    filled regclass not null,
    put_back text not null
);

drop function take_off_indexes(regclass);

-- Takes off the indexes and references of the table of a layer that has no rows, and answers whether it did:
-- not where rows stand already or somebody reads the table just now. B-trees of a part of the rows stay: in
-- them rows come in order, or not at all. A new file, which is what truncating makes, needs no write-ahead
-- log where wal_level is minimal.
create function take_off_indexes(filled regclass) returns boolean language plpgsql
security definer set search_path = public, pg_temp
as $$
declare
    occupied boolean;
    part record;
begin
    if not exists (select from layer_table where name::regclass = filled) then
        raise exception 'the table % is not that of a layer', filled;
    end if;
    execute format('select exists (select from %s)', filled) into occupied;
    if occupied then
        return false;
    end if;
    begin
        execute format('lock table %s in access exclusive mode nowait', filled);
    exception when lock_not_available then
        return false;
    end;
    execute format('select exists (select from %s)', filled) into occupied;
    if occupied then
        return false;
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
        insert into taken_off (filled, put_back) values (filled, part.put_back);
    end loop;
    execute format('truncate %s', filled);
    return true;
end
$$;

-- Puts back what was taken off a table in this transaction.
create function put_back_indexes(filled regclass) returns void language plpgsql
security definer set search_path = public, pg_temp
as $$
declare
    part record;
begin
    for part in
        select put_back from taken_off where taken_off.filled = put_back_indexes.filled order by place
    loop
        execute part.put_back;
    end loop;
    delete from taken_off where taken_off.filled = put_back_indexes.filled;
end
$$;

-- No transaction ends without them.
create function demand_putting_back() returns trigger language plpgsql
security definer set search_path = public, pg_temp
as $$
begin
    if exists (select from taken_off where place = new.place) then
        raise exception 'the indexes of % were not put back', new.filled;
    end if;
    return null;
end
$$;
create constraint trigger demand_putting_back after insert on taken_off deferrable initially deferred
    for each row execute function demand_putting_back();

-- Whoever may call them is said with the other rights of the service.
revoke execute on function take_off_indexes(regclass), put_back_indexes(regclass), demand_putting_back()
    from public;
