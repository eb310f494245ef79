-- A person takes a document away from contracts: the matcher shall not bring it there again, nor its bytes. Where he takes that back, it may.
-- $1 text, broker   $2 uuid, document   $3 text[], contracts that it leaves   $4 text[], contracts where it may come again
--   -> taken_back json: all contracts it was ever taken back from
update document
set taken_back = array(select distinct c from unnest(taken_back || $3::text[]) as c where c <> all ($4::text[]) order by 1)
where broker = $1 and document_id = $2::uuid
returning array_to_json(taken_back) as taken_back
