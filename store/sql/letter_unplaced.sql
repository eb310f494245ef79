-- Documents that wait and have no place in the queue yet.
-- $1 text, broker   $2 int8, how many at most   -> letter_subject
select s.*
from (select document_id from document where broker = $1 and state = 'queued' and not placed
      order by document_id limit $2::int8) as u
join letter_subject s on s.broker = $1 and s.document_id = u.document_id
