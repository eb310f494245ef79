-- A person says that nothing more can be done about a shipment that is in trouble.
-- $1 text, broker   $2 text, connection   $3 text, shipment   $4 text, who   $5 text, why   $6 bool, only look
--   -> shipment_id text; no row: it is in no trouble (any more)
with found as (
	select broker, connection, shipment_id
	from shipment s
	where broker = $1 and connection = $2 and shipment_id = $3 and in_trouble(s)
), closed as (
	update shipment s
	set closed_at = now(), closed_by = $4, closed_note = $5
	from found f
	where s.broker = f.broker and s.connection = f.connection and s.shipment_id = f.shipment_id and in_trouble(s) and not $6::bool
	returning s.shipment_id
)
select shipment_id from found where $6::bool union all select shipment_id from closed
