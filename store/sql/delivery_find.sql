-- One shipment, whatever its state.
-- $1 text, broker   $2 text, connection   $3 text, shipment
--   -> state, category, posted, available_until, attempts, refusal, code, raw, content_type, issuer,
--      first_listed, last_listed, unlisted (first complete list that did not show it), answered, stored, acknowledge_from, released, released_by, acknowledge_refusal,
--      acknowledged, acknowledgement (what became of the last one), acknowledge_tried, hold, fetch_asked, fetch_refusal text (times as RFC 3339), acknowledge_attempts int4,
--      wait text (acknowledge_wait), held bool: only a person can let it be acknowledged, due bool: it may be acknowledged now, answered_ms int8 (null: nothing is kept),
--      breaches int4 (of its answer; null: none were found, or nobody looked), fetch_attempts int4, fetch_tried, fetch_trouble_at (as
--      RFC 3339), fetch_trouble, closed (as RFC 3339), closed_by, closed_note text, read_by, signature_policy, signature (absent | present | verified), signer text, warnings jsonb [text],
--      acknowledge_mode text (automatic | delayed | manual, as the last list had it; null: a person released it, or it is on hold)
select s.state, s.category, s.posted, s.available_until, s.attempts, s.refusal, s.refusal_code as code,
       s.raw_sha256 as raw, s.raw_content_type as content_type, c.issuer,
       to_char(s.first_listed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as first_listed,
       to_char(s.last_listed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last_listed,
       to_char(s.unlisted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as unlisted,
       to_char(s.answered_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as answered,
       to_char(s.stored_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as stored,
       to_char(s.acknowledge_from at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as acknowledge_from,
       to_char(s.released_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as released,
       to_char(s.acknowledged_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as acknowledged,
       utc_text(s.fetch_asked_at) as fetch_asked, s.fetch_refusal, s.hold, s.released_by, s.acknowledge_attempts, s.acknowledge_refusal,
       s.acknowledgement, utc_text(s.acknowledge_tried_at) as acknowledge_tried, acknowledge_wait(s) as wait,
       coalesce(s.acknowledge_from = 'infinity', false) as held, coalesce(s.acknowledge_from <= now(), false) as due,
       (extract(epoch from s.answered_at) * 1000)::int8 as answered_ms, s.breaches,
       utc_text(s.closed_at) as closed, s.closed_by, s.closed_note, s.fetch_attempts, utc_text(s.fetch_tried_at) as fetch_tried, s.fetch_trouble, utc_text(s.fetch_trouble_at) as fetch_trouble_at,
       s.facts ->> 'read_by' as read_by, s.facts ->> 'signature_policy' as signature_policy, s.facts ->> 'signature' as signature,
       s.facts ->> 'signer' as signer, coalesce(s.facts -> 'warnings', '[]') as warnings,
       case when s.stored_at is null or s.released_at is not null or s.hold is not null then null
            when s.acknowledge_from = 'infinity' then 'manual'
            when s.acknowledge_from > s.stored_at then 'delayed'
            else 'automatic' end as acknowledge_mode
from shipment s
join connection c using (broker, connection)
where s.broker = $1 and s.connection = $2 and s.shipment_id = $3
