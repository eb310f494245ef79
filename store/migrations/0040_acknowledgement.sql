-- What became of the last acknowledgement. Until now "it may have been sent" stood for all: for one that the insurer refused
-- and for one that never went out, so that a list that no longer showed the shipment made it acknowledged.
alter table shipment
	add column acknowledgement text check (acknowledgement in ('unsent', 'put_off', 'unanswered', 'refused',
		'confirmed', 'before', 'gone', -- as the insurer answered (ingest/transfer.h)
		'settled')),                   -- went out, was not answered, and a complete list no longer showed the shipment
	add column acknowledge_tried_at timestamptz,           -- the last attempt
	add column acknowledge_refusals int not null default 0, -- attempts that the insurer refused
	drop constraint shipment_hold_check,
	add constraint shipment_hold_check check (hold in ('link', 'refused')); -- refused: several times, by the insurer
update shipment set acknowledgement = case when settled then 'settled' else 'confirmed' end where state = 'acknowledged';
update shipment set acknowledge_from = stored_at where state = 'stored' and acknowledge_from is null;
alter table shipment drop column settled, drop column acknowledge_due_at;

-- When a stored shipment may be acknowledged: released, by its connection's mode (seconds after it was stored; null: never by
-- itself), or 'infinity': a person must say so. Null: it is not stored.
create function acknowledge_moment(s shipment, after_s bigint) returns timestamptz language sql stable as $$
	select case when s.stored_at is not null then
		coalesce(s.released_at, case when s.hold is null then s.stored_at + after_s * interval '1 second' end, 'infinity') end
$$;

-- What a stored shipment waits for, the one definition of it: 'link' or 'refused' (a person, and why), 'held' (its hour, or a
-- person, by the mode), 'due' (the next poll). Null: it waits for nothing.
create function acknowledge_wait(s shipment) returns text language sql stable as $$
	select case when s.state <> 'stored' then null
		when s.hold is not null and s.released_at is null then s.hold
		when coalesce(s.acknowledge_from, s.stored_at) > now() then 'held'
		else 'due' end
$$;
