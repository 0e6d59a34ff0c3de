-- An edit that waits for review may remove a record.
alter table submission_record drop constraint submission_record_verdict_check;
alter table submission_record add constraint submission_record_verdict_check
    check (verdict in ('new', 'changed', 'unchanged', 'removed'));
