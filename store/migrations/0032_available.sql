-- Until when the insurer keeps a shipment (VerfuegbarBis) as a moment: what is not fetched or not readable by then is lost.
-- Null where he says nothing, or nothing that is a time.
alter table shipment add column expires_at timestamptz;
create index shipment_expiring on shipment (broker, connection, expires_at)
	where state in ('listed', 'quarantined') and expires_at is not null;

-- Letters about the broker's mandate, and that an insurer delivers no more: shown at the connection and the contract.
create index document_mandate on document (broker, connection, received_at)
	where business_case in ('110014000', '130017002', '130017006', '130100000', '130100001', '130100002');
