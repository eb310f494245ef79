-- What a list that no longer shows a shipment may be taken for. It is an acknowledgement only where one may have been sent;
-- else the shipment stays what it is, and somebody is told.
alter table shipment
	add column acknowledge_due_at timestamptz,  -- from then on an acknowledgement may have been sent; null: none was
	add column unlisted_at        timestamptz;  -- first list that did not show it, since it was last listed
update shipment set acknowledge_due_at = now()
where state = 'stored' and (acknowledge_attempts > 0 or coalesce(acknowledge_from, stored_at) <= now());
create index shipment_unlisted on shipment (broker, unlisted_at)
	where unlisted_at is not null and state in ('listed', 'stored', 'quarantined');
