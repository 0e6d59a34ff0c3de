-- Who signs in: accounts, the tokens of programs, the sessions of browsers. No secret is kept, only
-- what recognises it.

create table account (
    id bigint generated always as identity primary key,
    name text not null unique check (name ~ '^[a-z0-9][a-z0-9._@-]{0,63}$'),
    role text not null
        check (role in ('public', 'analyst', 'surveyor', 'editor', 'reviewer', 'admin')),
    -- Districts and municipalities outside which the role counts for nothing; empty: no limit.
    regions text[] not null default '{}',
    -- argon2id in the PHC text form; null: signs in by tokens or by the identity provider alone.
    password_hash text check (password_hash like '$argon2id$%'),
    -- Who this is at the identity provider: its address, a blank, its name for the person.
    identity text unique,
    created_at timestamptz not null,
    disabled_at timestamptz
);

create table access_token (
    id bigint generated always as identity primary key,
    account bigint not null references account,
    label text not null,
    -- SHA-256: tokens are random, so a slow hash would protect nothing more.
    token_hash bytea not null unique check (length(token_hash) = 32),
    created_at timestamptz not null,
    expires_at timestamptz,
    -- To the minute.
    last_used_at timestamptz,
    revoked_at timestamptz
);
create index access_token_account on access_token (account);

create table session (
    -- SHA-256 of what the browser's cookie has.
    id_hash bytea primary key check (length(id_hash) = 32),
    account bigint not null references account,
    -- What forms of this session carry, so that other sites cannot send them.
    csrf_secret text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index session_account on session (account);
create index session_expiry on session (expires_at);
