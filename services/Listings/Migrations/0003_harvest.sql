-- The order in which harvesters read (OAI-PMH): by the day and second of the last public change.
create index achievement_by_datestamp on achievement (changed_at, id) where published_version > 0;
