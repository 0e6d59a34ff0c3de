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
