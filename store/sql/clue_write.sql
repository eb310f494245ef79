-- The contracts that the text of a document speaks of, best first.
-- durability: relaxed
-- $1 text, broker   $2 uuid, document   $3 text[], contract ids   $4 text, of clues_first; null: none
update document_text
set clues = $3::text[], clue_first = $4, clued_at = now()
where broker = $1 and document_id = $2::uuid
