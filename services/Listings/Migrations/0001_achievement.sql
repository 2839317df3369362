create table achievement (
    id                uuid        not null constraint achievement_is_unique primary key,
    version           bigint      not null,
    published_version bigint      not null default 0,
    organisation_id   uuid        not null,
    organisation_name text        not null,
    organisation_kind text        not null,
    status            text        not null constraint achievement_status_is_known check (status in
        ('draft', 'submitted', 'screened', 'restricted', 'offline_only', 'registered', 'refused', 'published', 'withdrawn')),
    content           jsonb       not null,
    region_code       text,
    screening_id      uuid,
    registration_no   text        constraint achievement_registration_no_is_unique unique,
    registered_at     timestamptz,
    published_at      timestamptz,
    status_reason     text,
    source            text,
    source_id         text,
    content_hash      text,
    created_by        uuid        not null,
    created_at        timestamptz not null,
    changed_at        timestamptz not null,
    changed_in        xid8        not null default pg_current_xact_id(),
    constraint achievement_source_is_unique unique (source, source_id),
    constraint achievement_source_is_whole check ((source is null) = (source_id is null)),
    constraint achievement_registration_no_has_its_form check (registration_no ~ '^[0-9A-Z]{3}(19|20)[0-9]{2}[YJR][0-9]{4}$'),
    constraint achievement_published_is_screened check (status <> 'published' or screening_id is not null),
    constraint achievement_imported_is_not_registered check (source is null or registration_no is null)
);
create index achievement_by_owner on achievement (organisation_id, created_at desc, id desc);
create index achievement_by_change on achievement (changed_in, id) where published_version > 0;
create index achievement_awaiting on achievement (status, region_code, created_at, id) where status in ('submitted', 'screened');

-- A named person signed that the record holds no state or commercial secret (R1.7, domain brief §1.9).
create table screening (
    id             uuid        not null constraint screening_is_unique primary key,
    conclusion     text        not null constraint screening_conclusion_is_known check (conclusion in ('public', 'restricted', 'offline_only')),
    note           text,
    signed_by      uuid        not null,
    signed_for     uuid        not null,
    signed_at      timestamptz not null
);

create table registration_serial (
    prefix text    not null,
    year   integer not null,
    letter text    not null,
    last   integer not null constraint registration_serial_has_four_digits check (last between 1 and 9999),
    constraint registration_serial_is_unique primary key (prefix, year, letter)
);
