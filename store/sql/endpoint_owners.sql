-- Who holds leases on endpoints.
-- $1 broker    -> lease_owner
select distinct lease_owner from endpoint where broker = $1 and lease_owner is not null;
