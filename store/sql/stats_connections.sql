-- One row a connection: what became of its shipments and documents.
-- $1 text, broker
--   -> connection, shipments, stored, acknowledged, quarantined, documents, exact, picture, claim, repaired, alias, person,
--      queued, ignored, expiring int8; last_success, last_error text
select c.connection,
       s.shipments, s.stored, s.acknowledged, s.quarantined, s.expiring,
       d.documents, d.exact, d.picture, d.claim, d.repaired, d.alias, d.person, d.queued, d.ignored,
       to_char(c.last_success_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last_success,
       c.last_error
from connection c
cross join lateral (
	select count(*) as shipments,
	       count(*) filter (where state in ('stored', 'acknowledged')) as stored,
	       count(*) filter (where state = 'acknowledged') as acknowledged,
	       count(*) filter (where state = 'quarantined' and closed_at is null) as quarantined,
	       count(*) filter (where state in ('listed', 'quarantined') and closed_at is null and expires_at <= now() + interval '7 days') as expiring
	from shipment x where x.broker = c.broker and x.connection = c.connection) s
cross join lateral (
	select count(*) as documents,
	       count(*) filter (where state = 'filed' and tier = 'exact') as exact,
	       count(*) filter (where state = 'filed' and tier = 'picture') as picture,
	       count(*) filter (where state = 'filed' and tier = 'claim') as claim,
	       count(*) filter (where state = 'filed' and tier = 'repaired') as repaired,
	       count(*) filter (where state = 'filed' and tier = 'alias') as alias,
	       count(*) filter (where state = 'filed' and tier = 'person') as person,
	       count(*) filter (where state = 'queued') as queued,
	       count(*) filter (where state = 'ignored') as ignored
	from document x where x.broker = c.broker and x.connection = c.connection) d
where c.broker = $1
order by c.connection
