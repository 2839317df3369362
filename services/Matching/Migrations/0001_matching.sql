create table need (
    id                 uuid          not null,
    version            bigint        not null,
    organisation_id    uuid,
    holder_name        text,
    title              text          not null,
    problem            text          not null,
    indicators         jsonb         not null,
    tech_field         text,
    industry_code      text,
    region_code        text,
    cooperation_modes  text[]        not null,
    budget_min         numeric(18,2),
    budget_max         numeric(18,2),
    deadline           date,
    status             text          not null,
    close_reason       text,
    closed_at          timestamptz,
    source             text,
    source_id          text,
    content_hash       text,
    recorded_by        uuid          not null,
    recorded_for       uuid          not null,
    created_at         timestamptz   not null,
    changed_at         timestamptz   not null,
    constraint need_is_unique primary key (id),
    constraint need_source_is_unique unique (source, source_id),
    constraint need_version_counts_from_one check (version >= 1),
    constraint need_status_is_known check (status in ('open', 'closed')),
    constraint need_is_closed_with_reason check (
        (status = 'closed') = (close_reason is not null and closed_at is not null)
        and (close_reason is null or close_reason in ('met', 'withdrawn', 'expired'))),
    constraint need_has_owner_or_source check (
        (organisation_id is null) = (source is not null) and (source is null) = (source_id is null) and (source is null) = (content_hash is null)),
    constraint need_budget_is_a_range check (budget_min >= 0 and budget_max >= 0 and budget_min <= budget_max)
);

create index need_by_age on need (status, created_at desc, id desc);

create table known_achievement (
    achievement_id  uuid    not null,
    version         bigint  not null,
    published       jsonb,
    constraint known_achievement_is_unique primary key (achievement_id)
);
