-- What nothing more can be done about: a person closes it, and it alarms nobody any more. It stays where it is, with all that was kept.
alter table shipment add column closed_at timestamptz, add column closed_by text, add column closed_note text;
alter table shipment add check ((closed_at is null) = (closed_by is null) and (closed_at is null) = (closed_note is null));

-- Does a person have to look after it? In quarantine, or gone from the insurer's list before it came.
create function in_trouble(s shipment) returns bool language sql stable as $$
	select s.closed_at is null and (s.state = 'quarantined' or s.state = 'listed' and s.unlisted_at is not null)
$$;
