-- The next documents that wait, in the order of their ids, with what their letters go by.
-- $1 text, broker   $2 uuid, after this one; null: from the first   $3 int8, how many   -> letter_subject
select s.*
from (select document_id from document where broker = $1 and state = 'queued' and ($2::uuid is null or document_id > $2::uuid)
      order by document_id limit $3::int8) as u
join letter_subject s on s.broker = $1 and s.document_id = u.document_id
order by s.document_id
