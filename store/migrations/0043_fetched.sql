-- How often a shipment was fetched, whatever came of it, and what went wrong last: what is stored by now tells it, too.
-- answered_at is of the answer that is kept or stored.
alter table shipment
	add column fetch_attempts   int not null default 0,
	add column fetch_tried_at   timestamptz,
	add column fetch_trouble    text,        -- the sentence of the last fetch that failed
	add column fetch_trouble_at timestamptz;
