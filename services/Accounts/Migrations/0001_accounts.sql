create table organisation (
    id            uuid        not null constraint organisation_is_unique primary key,
    version       bigint      not null,
    name          text        not null,
    kind          text        not null,
    uscc          text        not null constraint organisation_uscc_is_unique unique,
    region_code   text        not null,
    jurisdiction  text[]      not null default '{}',
    status        text        not null constraint organisation_status_is_known check (status in ('pending', 'verified', 'rejected', 'suspended')),
    status_reason text,
    created_at    timestamptz not null,
    changed_at    timestamptz not null,
    constraint organisation_uscc_has_18_characters check (length(uscc) = 18)
);
create index organisation_by_age on organisation (created_at desc, id desc);

create table person (
    id              uuid        not null constraint person_is_unique primary key,
    organisation_id uuid        constraint person_acts_for_an_organisation references organisation (id),
    name            text        not null,
    email           text        not null constraint person_email_is_unique unique,
    password_hash   text,
    roles           text[]      not null default '{}',
    is_admin        boolean     not null default false,
    status          text        not null constraint person_status_is_known check (status in ('active', 'invited', 'suspended', 'erased')),
    failed_count    integer     not null default 0,
    locked_until    timestamptz,
    created_at      timestamptz not null,
    constraint person_email_is_lower_case check (email = lower(email)),
    constraint person_active_has_a_password check (status <> 'active' or password_hash is not null),
    constraint person_without_organisation_is_operator check (organisation_id is not null or roles = '{operator}')
);
-- One administrator an organisation; handing over moves the flag.
create unique index person_one_admin_an_organisation on person (organisation_id) where is_admin;
create index person_by_organisation on person (organisation_id, created_at, id);

create table session (
    id                    uuid        not null constraint session_is_unique primary key,
    person_id             uuid        not null constraint session_belongs_to_a_person references person (id),
    refresh_hash          bytea       not null,
    previous_refresh_hash bytea,
    device                text        not null,
    created_at            timestamptz not null,
    last_used_at          timestamptz not null,
    expires_at            timestamptz not null,
    ended_at              timestamptz
);
create index session_by_person on session (person_id) where ended_at is null;

create table signing_key (
    id          text        not null constraint signing_key_is_unique primary key,
    private_key bytea       not null,
    created_at  timestamptz not null,
    retired_at  timestamptz
);
create unique index signing_key_one_in_use on signing_key ((true)) where retired_at is null;

-- What a letter carries: a link that works once.
create table mail_token (
    hash       bytea       not null constraint mail_token_is_unique primary key,
    person_id  uuid        not null constraint mail_token_belongs_to_a_person references person (id),
    purpose    text        not null constraint mail_token_purpose_is_known check (purpose in ('invitation', 'password', 'email')),
    email      text,
    expires_at timestamptz not null,
    used_at    timestamptz
);

create table api_key (
    id           uuid        not null constraint api_key_is_unique primary key,
    person_id    uuid        not null constraint api_key_belongs_to_a_person references person (id),
    name         text        not null,
    secret_hash  bytea       not null constraint api_key_secret_is_unique unique,
    roles        text[]      not null,
    created_at   timestamptz not null,
    last_used_at timestamptz,
    revoked_at   timestamptz
);
