-- How many documents there are of what kind, so that counts and figures do not read them all: a row says how many more or fewer of a
-- kind there are since some change. Whoever changes documents adds rows in his transaction and never touches those of others, so that
-- nobody waits; upkeep puts them together (tally_join.sql).
create table document_tally (
	broker    text not null references broker,
	day       date not null,            -- of the arrival, as the insurers count days
	issuer    text not null,
	state     text not null,
	tier      text not null,
	reason    text not null,
	person    boolean not null,         -- decided by one
	class     text,
	line      text,
	documents int8 not null,
	joined    boolean not null default false
);
create index document_tally_day on document_tally (broker, day);
create index document_tally_queue on document_tally (broker) where state = 'queued';
create index document_tally_new on document_tally (broker) where not joined;

create function document_tallied() returns trigger language plpgsql as $$
begin
	if tg_op = 'INSERT' then
		insert into document_tally
		select broker, (received_at at time zone 'Europe/Berlin')::date, issuer, state, tier, reason, decided_by is not null, class,
		       line, count(*)
		from made group by 1, 2, 3, 4, 5, 6, 7, 8, 9;
	elsif tg_op = 'DELETE' then
		insert into document_tally
		select broker, (received_at at time zone 'Europe/Berlin')::date, issuer, state, tier, reason, decided_by is not null, class,
		       line, -count(*)
		from gone group by 1, 2, 3, 4, 5, 6, 7, 8, 9;
	elsif tg_op = 'TRUNCATE' then
		delete from document_tally;
	else
		insert into document_tally
		select broker, (received_at at time zone 'Europe/Berlin')::date, issuer, state, tier, reason, decided_by is not null, class,
		       line, sum(n)
		from (select broker, received_at, issuer, state, tier, reason, decided_by, class, line, 1 as n from made
		      union all
		      select broker, received_at, issuer, state, tier, reason, decided_by, class, line, -1 from gone) as changed
		group by 1, 2, 3, 4, 5, 6, 7, 8, 9
		having sum(n) <> 0;
	end if;
	return null;
end $$;
create trigger document_tally_made after insert on document
	referencing new table as made for each statement execute function document_tallied();
create trigger document_tally_changed after update on document
	referencing new table as made old table as gone for each statement execute function document_tallied();
create trigger document_tally_gone after delete on document
	referencing old table as gone for each statement execute function document_tallied();
create trigger document_tally_emptied after truncate on document
	for each statement execute function document_tallied();

insert into document_tally
select broker, (received_at at time zone 'Europe/Berlin')::date, issuer, state, tier, reason, decided_by is not null, class, line,
       count(*), true
from document
group by 1, 2, 3, 4, 5, 6, 7, 8, 9;
drop index document_counted; -- what it counted is in the tally

-- What waits, found by number or by words: as contract_mine (0023_web_role.sql), for indexes that cannot be used behind a policy.
create view document_mine with (security_invoker = false) as
select * from document where broker = current_setting('vorpost.broker', true) or current_user <> 'vorpost_web';
grant select on document_mine to vorpost_web;

select web_protect();
revoke update, delete on document_tally from vorpost_web;
