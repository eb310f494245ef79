-- The quarantine as a person at the page sees it, what has been known longest first: no names, no documents.
-- $1 text, broker   $2 text, connection or null: all   $3 text, shipment or null: all that are not closed
-- $4 int8, us, $5 text, connection and $6 text, shipment of the last one shown   $7 int8, how many
--   -> item json {connection, insurer (its key), shipment_id, category, since, answered_at, sentence, code, attempts,
--      kept, retry_asked_at, paused}, since_us int8, connection text, shipment_id text,
--      raw text, content_type text (null: nothing is kept)
select json_build_object(
	'connection', s.connection, 'insurer', c.issuer, 'shipment_id', s.shipment_id, 'category', s.category,
	'since', utc_text(s.first_listed_at), 'answered_at', utc_text(s.answered_at), 'sentence', s.refusal, 'code', s.refusal_code,
	'attempts', s.attempts, 'kept', s.raw_sha256 is not null, 'retry_asked_at', utc_text(s.retry_asked_at),
	'paused', c.state = 'paused') as item,
       (extract(epoch from s.first_listed_at) * 1000000)::int8 as since_us, s.connection, s.shipment_id,
       s.raw_sha256 as raw, s.raw_content_type as content_type
from shipment s
join connection c on c.broker = s.broker and c.connection = s.connection
where s.broker = $1 and s.state = 'quarantined' and ($2::text is null or s.connection = $2)
  and ($3::text is null and s.closed_at is null or s.shipment_id = $3)
  and (s.first_listed_at, s.connection, s.shipment_id) > (timestamptz 'epoch' + $4::int8 * interval '1 us', $5, $6)
order by s.first_listed_at, s.connection, s.shipment_id
limit $7::int8
