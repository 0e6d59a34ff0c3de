-- What a reviewer whose role is limited to regions publishes lies in them, before and after.

-- Districts and municipalities to which the role of who approved is limited; empty: no limit.
alter table submission add column decided_within text[] not null default '{}';

-- Where the records that an upload adds, changes and removes lie, before and after, as they say it.
create table submission_region (
    submission bigint not null references submission on delete cascade,
    municipality text,
    district text
);
create index submission_region_of on submission_region (submission);
