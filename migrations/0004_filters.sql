-- What filters (CQL2) need of the database.

-- `CASEI`: texts alike but for case and script. The same as `domain::text::Folding`, which folds what
-- is given; a test compares the two. The rules for letters are Unicode's, whatever the language of
-- the database. `translate` looks through its letters one by one, so the frequent ones come first.
create function fold_case(value text) returns text
language sql immutable strict parallel safe
return replace(replace(replace(replace(replace(replace(translate(
    lower(upper(normalize(value, NFC) collate "und-x-icu") collate "und-x-icu"),
    'аоиентрвскудплмзгбјчћжцхшфђ', 'aoientrvskudplmzgbjčćžchšfđ'),
    'љ', 'lj'), 'њ', 'nj'), 'џ', 'dž'), U&'\01C9', 'lj'), U&'\01CC', 'nj'), U&'\01C6', 'dž');

-- `ACCENTI`: alike but for accents too.
create function fold_accents(value text) returns text
language sql immutable strict parallel safe
return replace(replace(replace(replace(replace(translate(
    regexp_replace(
        normalize(lower(upper(value collate "und-x-icu") collate "und-x-icu"), NFKD) collate "C",
        '[\u0300-\u036F]', '', 'g'),
    'аоиентрвскудплмзгбјчћжцхшф', 'aoientrvskudplmzgbjcczchsf'),
    'љ', 'lj'), 'њ', 'nj'), 'џ', 'dz'), 'ђ', 'dj'), 'đ', 'dj');

-- The rest of a division, exact for decimals; null where the divisor is 0.
create function filter_modulo(dividend double precision, divisor double precision) returns double precision
language sql immutable strict parallel safe
return mod(dividend::numeric, nullif(divisor, 0)::numeric)::double precision;

-- A power; null where no real number is the result, or none that fits.
create function filter_power(base double precision, exponent double precision) returns double precision
language plpgsql immutable strict parallel safe as $$
begin
    return power(base, exponent);
exception when data_exception or numeric_value_out_of_range or invalid_argument_for_power_function then
    return null;
end
$$;

-- Names are asked for without regard to case, script or accents.
create index facility_name_folded on facility (fold_accents(name) text_pattern_ops);
create index dam_name_folded on dam (fold_accents(name) text_pattern_ops);
create index incident_name_folded on incident (fold_accents(name) text_pattern_ops);
create index municipality_name_folded on municipality (fold_accents(name) text_pattern_ops);
create index settlement_name_folded on settlement (fold_accents(name) text_pattern_ops);
create index watercourse_name_folded on watercourse (fold_accents(name) text_pattern_ops);
create index protected_area_name_folded on protected_area (fold_accents(name) text_pattern_ops);
