-- Who made accounts, gave them other rights, disabled them, made and revoked tokens, and when. Never a
-- secret, nor what recognises one.

create table account_change (
    id bigint generated always as identity primary key,
    made_at timestamptz not null,
    -- The name of the account that did it, or of whom the command line was told.
    made_by text not null,
    -- By what means, as of revisions.
    means text not null check (means in ('command', 'sign_in')),
    account text not null,
    kind text not null check (kind in ('made', 'rights', 'password', 'identity', 'disabled', 'enabled',
        'token_made', 'token_revoked')),
    -- The rights that it has since then, where it was made or got other ones.
    role text,
    regions text[],
    -- The number of the token, and what it is for.
    token bigint,
    label text
);
create index account_change_of on account_change (account, id);
create trigger only_grows before update or delete or truncate on account_change
    for each statement execute function refuse_change();

-- As before, and what is said of accounts only grows too.
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
        revoke update, delete on revision, account_change from cadastre_service;
        revoke insert, update, delete on seal, unsealed, layer_table from cadastre_service;
        if to_regclass('_sqlx_migrations') is not null then
            revoke insert, update, delete on _sqlx_migrations from cadastre_service;
        end if;
    end if;
    return pg_has_role(current_user, 'cadastre_service', 'member');
end
$$;

-- Where the role has its rights already, a new table has the default ones.
do $$
begin
    if to_regrole('cadastre_service') is not null then
        grant select, insert on account_change to cadastre_service;
        revoke update, delete on account_change from cadastre_service;
    end if;
end
$$;
