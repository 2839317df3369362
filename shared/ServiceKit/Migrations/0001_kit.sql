create table outbox (
    position       bigint generated always as identity primary key,
    message_id     uuid        not null,
    aggregate_id   uuid        not null,
    type           text        not null,
    body           jsonb       not null,
    trace_parent   text,
    created_at     timestamptz not null,
    sent_at        timestamptz,
    constraint outbox_message_is_unique unique (message_id)
);
create index outbox_unsent on outbox (position) where sent_at is null;

create table inbox (
    message_id   uuid        not null constraint inbox_message_is_unique primary key,
    received_at  timestamptz not null
);

create table dead_letter (
    message_id      uuid        not null constraint dead_letter_message_is_unique primary key,
    aggregate_id    uuid        not null,
    type            text        not null,
    body            jsonb       not null,
    trace_parent    text,
    published_at    timestamptz not null,
    error           text        not null,
    failed_at       timestamptz not null,
    replayed_at     timestamptz,
    replayed_by     uuid
);

create table idempotency (
    caller        text        not null,
    key           text        not null,
    request_hash  bytea       not null,
    status        integer     not null,
    location      text,
    body          text,
    created_at    timestamptz not null,
    constraint idempotency_key_is_unique primary key (caller, key)
);

create table revoked_session (
    session_id        uuid        not null constraint revoked_session_is_unique primary key,
    tokens_expire_at  timestamptz not null,
    revoked_at        timestamptz not null default clock_timestamp()
);

create table audit_log (
    position      bigint      not null constraint audit_log_position_is_unique primary key,
    at            timestamptz not null,
    actor         uuid,
    organisation  uuid,
    action        text        not null,
    subject       text        not null,
    detail        text        not null,
    previous_hash bytea       not null,
    hash          bytea       not null
);

create function audit_log_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is append-only' using errcode = 'restrict_violation', constraint = 'audit_log_is_append_only';
end $$;

create trigger audit_log_is_append_only before update or delete on audit_log
    for each row execute function audit_log_is_append_only();
create trigger audit_log_is_never_emptied before truncate on audit_log
    for each statement execute function audit_log_is_append_only();

-- The hash of a record covers everything in it and the hash before it, so that a later change anywhere shows.
create function append_audit(p_at timestamptz, p_actor uuid, p_organisation uuid, p_action text, p_subject text, p_detail text)
returns void language plpgsql as $$
declare
    last_position bigint;
    last_hash bytea;
begin
    -- One writer at a time: the chain has one end. The lock is held until the commit.
    perform pg_advisory_xact_lock(hashtext(current_schema() || '.audit_log'));
    select position, hash into last_position, last_hash from audit_log order by position desc limit 1;
    last_position := coalesce(last_position, 0) + 1;
    last_hash := coalesce(last_hash, '\x'::bytea);
    insert into audit_log (position, at, actor, organisation, action, subject, detail, previous_hash, hash)
    values (last_position, p_at, p_actor, p_organisation, p_action, p_subject, p_detail, last_hash,
            sha256(last_hash || convert_to(concat_ws(E'\n', last_position, to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                   coalesce(p_actor::text, ''), coalesce(p_organisation::text, ''), p_action, p_subject, p_detail), 'UTF8')));
end $$;
