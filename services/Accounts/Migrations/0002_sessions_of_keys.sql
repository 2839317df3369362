-- A session that an API key began has the key's roles alone, however often it is refreshed; null for all roles of the person.
alter table session add column confined_to text[];
