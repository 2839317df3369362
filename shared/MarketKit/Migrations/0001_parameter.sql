create table parameter (
    id          text        not null,
    valid_from  date        not null,
    value       text        not null,
    source      text        not null,
    set_by      uuid        not null,
    set_at      timestamptz not null,
    constraint parameter_is_unique primary key (id, valid_from, set_at)
);
