-- Letters about the broker's mandate, the newest first: deliveries stopped (130100000 to 130100002), the contract went to
-- another broker or may do so.
-- $1 text, broker   $2 text, connection; null: all   $3 text, contract; null: all   $4 bool, only those nobody decided
--   -> connection, code, received (RFC 3339), shipment_id, document_id, state text; at most 20
select d.connection, d.business_case as code,
       to_char(d.received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as received,
       d.shipment_id, d.document_id, d.state
from document d
where d.broker = $1 and ($2::text is null or d.connection = $2)
  and d.business_case in ('110014000', '130017002', '130017006', '130100000', '130100001', '130100002')
  and ($3::text is null or d.contract_id = $3 or d.candidates ->> 0 = $3)
  and (not $4::bool or d.state = 'queued')
order by d.received_at desc, d.document_id
limit 20
