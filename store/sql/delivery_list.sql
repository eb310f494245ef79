-- Shipments, those that have been known longest first.
-- $1 text, broker   $2 text, connection or null: all
-- $3 text, listed | stored | held, link, refused or due (acknowledge_wait) | gone (stored, and the insurer has no such shipment) | quarantined | acknowledged | open (not
--    acknowledged) | unlisted (open, and the last complete list did not show it) | trouble (quarantined, or unlisted before
--    it was fetched, and not closed) | closed | all   $4 int4, how many at most
--   -> connection, shipment_id, state, since, stored, acknowledge_from, code, refusal, raw text (times as RFC 3339);
--      attempts int4; held bool: only a person can let it be acknowledged
select connection, shipment_id, state,
       to_char(first_listed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since,
       to_char(stored_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as stored,
       to_char(acknowledge_from at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as acknowledge_from,
       coalesce(acknowledge_from = 'infinity', false) as held,
       refusal_code as code, nullif(concat_ws('; ', coalesce(refusal, acknowledge_refusal),
	       case when state = 'quarantined' then 'fetched anew: ' || fetch_refusal end,
	       case when state = 'quarantined' and fetch_asked_at is not null then 'to be fetched anew' end,
	       case acknowledge_wait(shipment) when 'link' then 'a document is only a link'
		    when 'refused' then 'the insurer refused the acknowledgement ' || acknowledge_refusals || ' times' end,
	       case acknowledgement when 'gone' then 'stored, and the insurer has no such shipment' end,
	       'closed: ' || closed_note,
	       'no longer listed since ' || case when state <> 'acknowledged' then utc_text(unlisted_at) end), '') as refusal, raw_sha256 as raw, attempts
from shipment
where broker = $1 and ($2::text is null or connection = $2)
  and case $3::text
      when 'all' then true
      when 'open' then state in ('listed', 'stored', 'quarantined')
      when 'gone' then acknowledgement = 'gone'
      when 'unlisted' then state in ('listed', 'stored', 'quarantined') and unlisted_at is not null
      when 'trouble' then in_trouble(shipment)
      when 'closed' then closed_at is not null
      else $3 in (state, acknowledge_wait(shipment)) end
order by first_listed_at, connection, shipment_id
limit $4::int
