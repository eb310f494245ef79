-- The insurer confirmed the acknowledgement. If this mark is lost, the next listing settles it.
-- durability: relaxed
-- $1 text, broker   $2 text, connection   $3 text, shipment
update shipment
set state = 'acknowledged', acknowledged_at = now()
where broker = $1 and connection = $2 and shipment_id = $3 and state = 'stored'
