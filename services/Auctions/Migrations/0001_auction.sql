create table known_achievement (
    achievement_id uuid   not null constraint known_achievement_is_unique primary key,
    version        bigint not null,
    published      jsonb
);

create table auction (
    id                     uuid           not null constraint auction_is_unique primary key,
    achievement_id         uuid           not null,
    achievement            jsonb          not null,
    seller_id              uuid           not null,
    seller                 jsonb          not null,
    title                  text           not null,
    format                 text           not null constraint auction_format_is_known check (format = 'multi_round'),
    transfer_mode          text           not null,
    start_price            numeric(18, 2) not null constraint auction_start_price_is_positive check (start_price > 0),
    increment              numeric(18, 2) not null constraint auction_increment_is_positive check (increment > 0),
    deposit                numeric(18, 2) not null constraint auction_deposit_is_not_negative check (deposit >= 0),
    opens_at               timestamptz    not null,
    free_period_ends_at    timestamptz    not null,
    cycle_seconds          integer        not null constraint auction_cycle_lasts check (cycle_seconds >= 1),
    ends_at                timestamptz    not null,
    status                 text           not null constraint auction_status_is_known
                           check (status in ('listed', 'bidding', 'awarded', 'failed', 'withdrawn', 'closed')),
    current_price          numeric(18, 2),
    leader_registration_id uuid,
    bid_count              integer        not null default 0,
    log_count              bigint         not null default 0,
    head_hash              text           not null default '',
    deal_id                uuid           constraint auction_deal_is_unique unique,
    status_reason          text,
    created_at             timestamptz    not null,
    constraint auction_free_period_follows_opening check (free_period_ends_at >= opens_at),
    constraint auction_leader_has_a_price check ((leader_registration_id is null) = (current_price is null)),
    constraint auction_awarded_has_a_deal check (status not in ('awarded', 'closed') or deal_id is not null)
);
-- One achievement carries at most one open way to an assignment, an exclusive licence or an equity deal.
create unique index auction_one_exclusive_way on auction (achievement_id)
    where status in ('listed', 'bidding', 'awarded', 'closed') and transfer_mode in ('assignment', 'licence_exclusive', 'equity_contribution');
create index auction_to_close on auction (ends_at) where status in ('listed', 'bidding');
create index auction_by_age on auction (created_at desc, id desc);

create table bidder_registration (
    id              uuid        not null constraint bidder_registration_is_unique primary key,
    auction_id      uuid        not null constraint bidder_registration_is_for_an_auction references auction (id),
    organisation_id uuid        not null,
    party           jsonb       not null,
    bidder_code     text        not null,
    status          text        not null constraint bidder_registration_status_is_known check (status in ('awaiting_deposit', 'qualified')),
    registered_by   uuid        not null,
    registered_at   timestamptz not null,
    constraint bidder_registration_once_an_organisation unique (auction_id, organisation_id),
    constraint bidder_registration_code_is_unique unique (auction_id, bidder_code)
);

-- Every movement of a deposit; the balance is their sum and is never negative.
create table deposit_entry (
    id              uuid           not null constraint deposit_entry_is_unique primary key,
    registration_id uuid           not null constraint deposit_entry_is_of_a_bidder references bidder_registration (id),
    kind            text           not null constraint deposit_entry_kind_is_known check (kind in ('received', 'refund_due', 'offset_due')),
    amount          numeric(18, 2) not null constraint deposit_entry_amount_is_positive check (amount > 0),
    reason          text           not null,
    entered_by      uuid,
    entered_at      timestamptz    not null
);
create index deposit_entry_by_registration on deposit_entry (registration_id);

create table bid_log (
    auction_id      uuid           not null constraint bid_log_is_of_an_auction references auction (id),
    sequence        bigint         not null,
    kind            text           not null constraint bid_log_kind_is_known check (kind in ('bid', 'close')),
    registration_id uuid,
    bidder_code     text           not null,
    amount          numeric(18, 2),
    accepted        boolean        not null,
    reason          text           not null,
    received_at     timestamptz    not null,
    previous_hash   text           not null,
    hash            text           not null,
    constraint bid_log_is_unique primary key (auction_id, sequence)
);

create function bid_log_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the log of bids is append-only' using errcode = 'restrict_violation', constraint = 'bid_log_is_append_only';
end $$;
create trigger bid_log_is_append_only before update or delete on bid_log for each row execute function bid_log_is_append_only();
