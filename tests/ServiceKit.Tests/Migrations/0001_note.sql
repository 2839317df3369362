create table note (
    id    uuid not null constraint note_is_unique primary key,
    text  text not null constraint note_text_is_not_poison check (text <> 'poison in the table')
);
create table heard (
    position  bigint generated always as identity primary key,
    note      uuid not null,
    text      text not null
);
