-- Documents as the queue and a clerk see them, in the order of the ids given: the document, what its letter goes by, how it lies
-- on the desk, its best candidate, and what is known of that contract's customer.
-- The best is the candidate that the text names where the delivery does not tell them apart (clue_first; if it was
-- looked up since the document was matched last: what did not wait then is marked with infinity, and was not), else the first; without
-- one that the delivery led to, the first contract that the text speaks of.
-- Which contract that is, is worked out before it is looked for: behind a policy a condition that takes JSON apart leads to no index,
-- and all contracts would be read for each page. The ids stand in a sub-select so that the plan is kept (docs/benchmarks.md, Traps).
-- $1 text, broker   $2 uuid[], documents
--   -> document_read, class text; category, kind, document_date, posted, received, postcode text (letter_subject);
--      assignee, desk_note text, postponed_until text RFC 3339; lock_user, lock_name text, lock_until text RFC 3339: null if
--      nobody looks at it; best_id, best_number, best_printed, best_name, best_first_name text: null without a candidate;
--      best_by_text bool; clues int8: contracts of the text that are no candidates;
--      reached bool: null if nobody said
with asked as materialized (
	select a.document_id, a.place, t.clues,
	       coalesce(case when t.clued_at >= d.decided_at and t.clued_at < 'infinity' and d.candidates ? t.clue_first then t.clue_first end, d.candidates ->> 0, t.clues[1]) as best
	from unnest((select $2::uuid[])) with ordinality as a (document_id, place)
	join document d on d.broker = $1 and d.document_id = a.document_id
	left join document_text t on t.broker = $1 and t.document_id = a.document_id
)
select r.*, s.category, s.kind, s.document_date, s.posted, s.received, s.postcode, k.assignee, k.note as desk_note,
       to_char(k.postponed_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as postponed_until,
       l.locked_by as lock_user, l.name as lock_name,
       to_char(l.until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as lock_until,
       b.contract_id as best_id, b.number as best_number, b.printed_number as best_printed, b.name as best_name,
       b.first_name as best_first_name,
       r.candidates ->> 0 is null as best_by_text,
       (select count(*) from unnest(a.clues) as c (contract_id) where not r.candidates ? c.contract_id) as clues,
       (select f.type = 'reachability.gained' from feedback f
        where f.broker = $1 and f.customer_id = b.customer_id and f.type like 'reachability.%'
        order by f.happened_at desc limit 1) as reached
from asked a
join document_read r on r.broker = $1 and r.document_id = a.document_id
join letter_subject s on s.broker = $1 and s.document_id = a.document_id
left join desk k on k.broker = $1 and k.document_id = a.document_id
left join desk_lock l on l.broker = $1 and l.document_id = a.document_id and l.until > statement_timestamp()
left join contract b on b.broker = $1 and b.contract_id = a.best
order by a.place
