-- A person says that nothing more can be done about a shipment that is in trouble, or takes that back.
-- $1 text, broker   $2 text, connection   $3 text, shipment   $4 text, who   $5 text, why; null: open it again   $6 bool, only look
--   -> shipment_id text; no row: it is in no trouble (any more), or was not closed
with found as (
	select broker, connection, shipment_id
	from shipment s
	where broker = $1 and connection = $2 and shipment_id = $3
	  and case when $5::text is null then closed_at is not null else in_trouble(s) end
	for update
), closed as (
	update shipment s
	set closed_at = case when $5 is not null then now() end, closed_by = case when $5 is not null then $4 end, closed_note = $5
	from found f
	where s.broker = f.broker and s.connection = f.connection and s.shipment_id = f.shipment_id and not $6::bool
)
select shipment_id from found
