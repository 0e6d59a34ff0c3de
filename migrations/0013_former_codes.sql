-- A permanent address names a facility by its code, also after the code was changed or the facility removed.
create index facility_history_code on facility_history (code);
