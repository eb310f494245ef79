-- Letters about the broker's mandate, the newest first: deliveries stopped (130100000 to 130100002), a contract went to another
-- broker, may do so, or came from one (130017001; nothing to be put right, so that it is not among those nobody decided).
-- $1 text, broker   $2 text, connection; null: all   $3 text, contract; null: all   $4 bool, only those nobody decided
--   -> connection, code, received (RFC 3339), shipment_id, document_id, state text; at most 20
select d.connection, c.code,
       to_char(d.received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as received,
       d.shipment_id, d.document_id, d.state
from document d
cross join lateral (select d.facts #>> '{shipment,category}' as category) s
cross join lateral (select case when is_mandate_code(d.business_case)
			       and (d.business_case <> '130017001' or not coalesce(is_mandate_code(s.category), false)) then d.business_case
			       else s.category end as code) c
where d.broker = $1 and ($2::text is null or d.connection = $2)
  and (is_mandate_code(d.business_case) or is_mandate_code(d.facts #>> '{shipment,category}')) -- as the index has it
  and ($3::text is null or d.contract_id = $3 or d.candidates ->> 0 = $3)
  and (not $4::bool or d.state = 'queued' and c.code <> '130017001')
order by d.received_at desc, d.document_id
limit 20
