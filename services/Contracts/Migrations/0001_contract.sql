create table deal (
    id          uuid           not null constraint deal_is_unique primary key,
    auction_id  uuid           constraint deal_once_an_auction unique,
    seller_id   uuid           not null,
    buyer_id    uuid           not null,
    broker_id   uuid,
    price       numeric(18, 2) not null,
    agreed      jsonb          not null,
    agreed_at   timestamptz    not null
);
create index deal_by_seller on deal (seller_id, agreed_at desc);
create index deal_by_buyer on deal (buyer_id, agreed_at desc);

create table contract (
    id                   uuid           not null constraint contract_is_unique primary key,
    version              bigint         not null,
    deal_id              uuid           not null constraint contract_once_a_deal unique references deal (id),
    status               text           not null constraint contract_status_is_known check (status in
        ('draft', 'signed_by_seller', 'signed', 'submitted', 'correction_requested', 'accepted', 'examined', 'registered', 'refused', 'withdrawn')),
    kind                 text           not null constraint contract_kind_is_known check (kind in ('development', 'assignment', 'licence', 'consulting', 'service')),
    title                text           not null,
    value                numeric(18, 2) not null constraint contract_value_is_positive check (value > 0),
    technical_amount     numeric(18, 2) not null,
    seller_id            uuid           not null,
    seller_region_code   text           not null,
    buyer_id             uuid           not null,
    buyer_region_code    text           not null,
    content_hash         text,
    signed_by_seller_at  timestamptz,
    signed_by_buyer_at   timestamptz,
    submitted_at         timestamptz,
    accepted_at          timestamptz,
    accepted_by          uuid,
    due_on               date,
    due_is_provisional   boolean,
    needs_experts        boolean        not null default false,
    examined_at          timestamptz,
    examined_by          uuid,
    approved_by          uuid,
    registered_at        timestamptz,
    registration_number  text           constraint contract_registration_number_is_unique unique,
    status_reason        text,
    created_at           timestamptz    not null,
    constraint contract_technical_amount_is_within check (technical_amount >= 0 and technical_amount <= value),
    constraint contract_four_eyes check (approved_by <> examined_by and approved_by <> accepted_by),
    constraint contract_registered_is_whole check (status <> 'registered' or (registration_number is not null and registered_at is not null and approved_by is not null)),
    constraint contract_number_has_16_digits check (registration_number ~ '^[0-9]{16}$')
);
create index contract_registered_by_time on contract (registered_at) where status = 'registered';
create index contract_awaiting on contract (seller_region_code, created_at, id) where status in ('submitted', 'accepted', 'examined');

create table number_serial (
    year        integer not null,
    region_code text    not null,
    last        integer not null constraint number_serial_has_six_digits check (last between 1 and 999999),
    constraint number_serial_is_unique primary key (year, region_code)
);

create table certificate (
    registration_number text        not null constraint certificate_is_unique primary key,
    contract_id         uuid        not null constraint certificate_is_of_a_contract references contract (id),
    statement           text        not null,
    hash                text        not null,
    issued_at           timestamptz not null
);
