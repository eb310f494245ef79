-- Which contracts the text of a waiting document speaks of (review/clues.h), for the list of the queue. For people: no decision of
-- the matcher looks here either. clued_at: when that was looked up; infinity: the document does not wait.
alter table document_text
	add column clues    text[] not null default '{}',
	add column clued_at timestamptz not null default '-infinity';
update document_text t
set clued_at = 'infinity'
from document d
where d.broker = t.broker and d.document_id = t.document_id and d.state <> 'queued';
create index document_text_clued on document_text (broker, clued_at) where state = 'read' and clued_at < 'infinity';
