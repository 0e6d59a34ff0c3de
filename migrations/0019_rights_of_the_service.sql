-- The role that the service works as. Makes it where that is allowed, gives it its rights where they
-- are missing (a backup brings none along), and answers whether this user may take it on.
create or replace function prepare_service_role() returns boolean language plpgsql
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
        and not (has_table_privilege('cadastre_service', 'revision', 'select')
            and has_function_privilege('cadastre_service', 'put_back_indexes(regclass)', 'execute'))
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
        revoke update, delete on revision, account_change from cadastre_service;
        revoke insert, update, delete on seal, unsealed, taken_off, layer_table from cadastre_service;
        if to_regclass('_sqlx_migrations') is not null then
            revoke insert, update, delete on _sqlx_migrations from cadastre_service;
        end if;
        revoke execute on function seal_revision(bigint), await_seal(), seal_at_end(),
            take_off_indexes(regclass), put_back_indexes(regclass), demand_putting_back() from public;
        grant execute on function take_off_indexes(regclass), put_back_indexes(regclass) to cadastre_service;
    end if;
    return pg_has_role(current_user, 'cadastre_service', 'member');
end
$$;
do $$
begin
    perform prepare_service_role();
end
$$;
