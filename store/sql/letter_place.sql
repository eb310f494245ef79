-- Where waiting documents stand in the queue, and what a search finds them by. What stands there already is not written again.
-- words: inspect_write.sql may have put them there while this waited for it.
-- durability: relaxed
-- $1 text, broker   $2 jsonb, [{document_id, class, letter_at}]   -> placed int8
with given as (
	select * from jsonb_to_recordset($2::jsonb) as g (document_id uuid, class text, letter_at timestamptz)
), placed as (
	update document d
	set class = g.class, letter_at = g.letter_at, placed = true,
	    said = document_said(d),
	    words = case when d.placed then d.words
			 else coalesce((select words_of(t.text) from document_text t
					where t.broker = d.broker and t.document_id = d.document_id and t.text <> ''), d.words) end
	from given g
	where d.broker = $1 and d.document_id = g.document_id
	  and (not d.placed or d.class is distinct from g.class or d.letter_at is distinct from g.letter_at)
	returning 1
)
select count(*) as placed from placed
