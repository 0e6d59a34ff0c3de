-- An empty table is filled many times faster without its indexes and references. Takes them off and
-- says how to put them back; nothing, where rows stand already or somebody reads the table just now.
-- B-trees of a part of the rows stay: in them rows come in order, or not at all. A new file, which is
-- what truncating makes, needs no write-ahead log where wal_level is minimal.
create or replace function take_off_indexes(filled regclass) returns setof text language plpgsql as $$
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
