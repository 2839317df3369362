-- The unit's own review, suspension and cancellation of what was registered.
alter table achievement drop constraint achievement_status_is_known;
alter table achievement add constraint achievement_status_is_known check (status in
    ('draft', 'in_unit_review', 'submitted', 'screened', 'restricted', 'offline_only', 'registered', 'refused', 'published', 'suspended', 'withdrawn',
     'cancelled'));
alter table achievement add column dispute text;
alter table achievement add column warnings jsonb not null default '[]';

-- Every state of a record that there ever was (F1).
create table achievement_version (
    achievement_id uuid        not null,
    version        bigint      not null,
    status         text        not null,
    status_reason  text,
    dispute        text,
    content        jsonb       not null,
    changed_by     uuid        not null,
    changed_at     timestamptz not null,
    constraint achievement_version_is_unique primary key (achievement_id, version)
);
insert into achievement_version (achievement_id, version, status, status_reason, content, changed_by, changed_at)
select id, version, status, status_reason, content, created_by, changed_at from achievement;

-- One patent and one project give one record (R1.2): whoever came first holds the number until it leaves.
create table number_claim (
    kind           text not null constraint number_claim_kind_is_known check (kind in ('patent', 'project')),
    number         text not null,
    achievement_id uuid not null,
    constraint number_claim_is_unique primary key (kind, number)
);
create index number_claim_by_achievement on number_claim (achievement_id);
insert into number_claim (kind, number, achievement_id)
select 'patent', substring(replace(upper(right_of->>'number'), ' ', '') from '[0-9]{8,12}'), a.id
from achievement a, jsonb_array_elements(a.content->'intellectualProperty') right_of
where a.source is null and a.status in ('submitted', 'screened', 'registered', 'published')
  and right_of->>'kind' in ('invention', 'utility_model', 'design') and right_of->>'number' ~ '[0-9]{8,12}'
order by a.created_at
on conflict do nothing;

-- What this service needs to know of an organisation.
create table unit (
    organisation_id uuid    not null constraint unit_is_unique primary key,
    version         bigint  not null,
    has_reviewer    boolean not null
);

-- Rules of screening that a bureau or an operator added or ended; the shipped ones lie in Data/screening_rules.json.
create table screening_rule (
    id         text        not null constraint screening_rule_is_unique primary key,
    words      text[]      not null,
    note       text        not null,
    source     text        not null,
    valid_from date        not null,
    valid_to   date,
    entered_by uuid        not null,
    entered_at timestamptz not null
);
alter table screening add column warnings jsonb not null default '[]';

-- Anyone may report a listing (F40).
create table listing_report (
    id             uuid        not null constraint listing_report_is_unique primary key,
    achievement_id uuid        not null,
    kind           text        not null constraint listing_report_kind_is_known check (kind in ('infringing', 'false', 'secret', 'other')),
    reason         text        not null,
    contact        text,
    reported_by    uuid,
    reported_at    timestamptz not null,
    status         text        not null constraint listing_report_status_is_known check (status in ('open', 'upheld', 'dismissed')),
    decision       text,
    decided_at     timestamptz
);
create index listing_report_by_achievement on listing_report (achievement_id, reported_at);

-- A suspension, the holder's answer to it, and how it ended.
create table suspension (
    id             uuid        not null constraint suspension_is_unique primary key,
    achievement_id uuid        not null,
    reason         text        not null,
    suspended_by   uuid        not null,
    suspended_at   timestamptz not null,
    answer_due_on  date        not null,
    answer         text,
    answered_at    timestamptz,
    ended_as       text        constraint suspension_end_is_known check (ended_as in ('reinstated', 'cancelled', 'withdrawn')),
    ended_at       timestamptz
);
create unique index suspension_one_running_an_achievement on suspension (achievement_id) where ended_at is null;
