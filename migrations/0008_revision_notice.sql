-- Who listens on the channel `cadastre_revision` hears the id of each layer that a revision changed,
-- once it is committed: every statement that changes a layer also brings its state up to date.

create function tell_of_revision() returns trigger language plpgsql as $$
begin
    perform pg_notify('cadastre_revision', new.layer);
    return null;
end
$$;

create trigger tell_of_revision after insert or update on layer_state
    for each row execute function tell_of_revision();
