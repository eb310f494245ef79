-- What the clerk's side of the API looks up: contracts by a number whose insurer nobody names, people by the beginning of a
-- name, and figures over documents.

-- Times as the API says them.
create function utc_text(moment timestamptz) returns text language sql stable as $$
	select to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
$$;

-- Names as people type them: case, accents and the spelling of umlauts do not count ("mueller" finds Müller).
create function name_fold(name text) returns text language sql immutable as $$
	select replace(replace(replace(replace(translate(lower(name),
		'ÄÖÜÀÁÂÃÅÇÈÉÊËÌÍÎÏÑÒÓÔÕØÙÚÛÝĆČĎĐĘĚĞĢİĶŁĻŃŇŅŐŘŚŞŠȘŢŤȚŮŰŹŻŽĄàáâãåçèéêëìíîïñòóôõøùúûýćčďđęěğģķłļńňņőřśşšșţťțůűźżžąı',
		'äöüaaaaaceeeeiiiinooooouuuyccddeeggikllnnnorsssstttuuzzzaaaaaaceeeeiiiinooooouuuyccddeeggkllnnnorsssstttuuzzzai'),
		'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'ß', 'ss')
$$;

create index contract_name_of_any on contract_name (broker, (key collate "C"));
create index contract_of_person on contract (broker, (name_fold(name) collate "C"), (coalesce(customer_id, '') collate "C"),
	(contract_id collate "C")) where name is not null;

-- Who holds a contract.
create function contract_holder(c contract) returns json language sql stable as $$
	select json_build_object('name', c.name, 'first_name', c.first_name, 'birth_date', c.birth_date, 'postcode', c.postcode,
				 'plate', c.plate)
$$;

-- A contract as lists show it; insurer is the key of its file.
create function contract_card(c contract) returns json language sql stable as $$
	select json_build_object(
		'contract_id', c.contract_id, 'insurer', c.issuer, 'number', c.number, 'printed_number', c.printed_number,
		'line', c.line, 'starts_on', c.starts_on, 'ends_on', c.ends_on, 'cancelled', c.cancelled,
		'vanished_at', utc_text(c.vanished_at), 'customer_id', c.customer_id, 'holder', contract_holder(c))
$$;

-- Figures go by the day on which documents came; all that they count stands in the index.
create index document_counted on document (broker, received_at) include (issuer, state, tier, reason, decided_by);
create index decision_by_time on decision (broker, decided_at);
create index release_by_time on release (broker, released_at) where released_at is not null;
create index event_accepted_by_time on event_accepted (broker, accepted_at, event_id);

-- Stock files that came over the API. The file lies at `place` (machine and state folder); the daemon there works it through.
create table stock_job (
	broker        text not null references broker,
	job_id        uuid not null,
	place         text not null,
	file          text not null,                -- its name in the folder uploads; gone when the job is over
	state         text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed')),
	dry_run       boolean not null,
	source        text,
	partial       boolean not null,
	many_vanished boolean not null,
	requested_by  text not null,
	requested_at  timestamptz not null default now(),
	holder        text,                         -- base/holder.h, while it runs
	attempts      int not null default 0,
	bytes         bigint not null,
	bytes_read    bigint not null default 0,
	contracts     bigint not null default 0,
	report        jsonb,
	error         text,                         -- a sentence, if it failed
	ended_at      timestamptz,
	primary key (broker, job_id)
);
create unique index stock_job_open on stock_job (broker) where state in ('waiting', 'running'); -- one at a time
create index stock_job_latest on stock_job (broker, requested_at);
