-- What waits, and since when: the quarantine, the stored shipments by what their acknowledgement waits for, those that insurers
-- stopped listing in the last 14 days and that never came or were never acknowledged, those stored in the last 14 days that the
-- insurer did not know when they were acknowledged, the queue.
-- $1 text, broker
--   -> what text (quarantine | unacknowledged | held | link | refused | unlisted | gone | queue), items int8, oldest text (RFC 3339; null: none); eight rows
select 'quarantine' as what, count(*) as items, utc_text(min(first_listed_at)) as oldest
from shipment
where broker = $1 and state = 'quarantined' and closed_at is null
union all
select w.what, count(s.broker), utc_text(min(case when w.wait = 'due' then coalesce(s.acknowledge_from, s.stored_at) else s.stored_at end))
from (values ('due', 'unacknowledged'), ('held', 'held'), ('link', 'link'), ('refused', 'refused')) as w (wait, what)
left join shipment s on s.broker = $1 and s.state = 'stored' and acknowledge_wait(s) = w.wait
group by w.what
union all
select 'unlisted', count(*), utc_text(min(unlisted_at))
from shipment
where broker = $1 and state in ('listed', 'stored') and closed_at is null and unlisted_at > now() - interval '14 days'
union all
select 'gone', count(*), utc_text(min(acknowledged_at))
from shipment
where broker = $1 and acknowledgement = 'gone' and acknowledged_at > now() - interval '14 days'
union all
select 'queue', count(*), utc_text(min(received_at))
from document
where broker = $1 and state = 'queued'
