-- An edit of values is one statement, and so one transaction. This ends it where the record was another one
-- by then: no revision is made of nothing.
create function or_stale(id bigint) returns bigint language plpgsql as $$
begin
    if id is null then
        raise exception 'the record was changed meanwhile' using errcode = 'serialization_failure';
    end if;
    return id;
end
$$;
