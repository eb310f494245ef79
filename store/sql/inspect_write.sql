-- What was found inside a document, and for a search the words of one that waits. Twice is once.
-- durability: relaxed
-- $1 text, broker   $2 uuid, document   $3 text, state   $4 text or null, sentence   $5 int4 or null, pages of the PDF
-- $6 jsonb, pages   $7 jsonb, entries   $8 text, all words
with written as (
	insert into document_text (broker, document_id, state, sentence, page_count, pages, entries, text)
	values ($1, $2::uuid, $3, $4, $5::int4, $6::jsonb, $7::jsonb, $8)
	on conflict do nothing
	returning text
)
update document d
set words = words_of(w.text)
from written w
where d.broker = $1 and d.document_id = $2::uuid and d.state = 'queued' and w.text <> ''
