-- The statements that move one shipment on name it by its id and by its state. With an index of the open ones in the
-- order of their listing, PostgreSQL read all open shipments of the connection to find the one; now either index leads
-- straight to it.
drop index shipment_open;
create index shipment_open on shipment (broker, connection, shipment_id)
	where state in ('listed', 'stored', 'quarantined');
