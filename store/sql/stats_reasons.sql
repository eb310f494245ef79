-- Why documents wait for a person, per connection, the most frequent reason first.
-- $1 text, broker
--   -> connection text, reason text, documents int8
select connection, reason, count(*) as documents
from document
where broker = $1 and state = 'queued'
group by connection, reason
order by connection, documents desc, reason
