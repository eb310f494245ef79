-- The document is another version, with the same verdict: who decides about the one before is too late.
-- $1 text, broker   $2 uuid, document
update document set version = version + 1 where broker = $1 and document_id = $2::uuid
