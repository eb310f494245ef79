-- A shipment could not be fetched this time.
-- $1 text, broker   $2 text, connection   $3 text, shipment   $4 text, the sentence
--   -> attempts int4
update shipment
set attempts = attempts + 1, refusal = $4
where broker = $1 and connection = $2 and shipment_id = $3 and state = 'listed'
returning attempts
