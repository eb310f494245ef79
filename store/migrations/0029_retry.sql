-- A person wants a quarantined shipment tried again (the page, the API): the next round over its connection does it, under the lease
-- that keeps everybody else off.
alter table shipment
	add column retry_asked_at timestamptz,
	add column retry_asked_by text;
create index shipment_retry on shipment (broker, connection, retry_asked_at) where retry_asked_at is not null;
create index shipment_quarantine on shipment (broker, first_listed_at, connection, shipment_id) where state = 'quarantined';
