-- What stands inside a document: the words of a PDF with page and box, the entries of an archive. Read in a cage, in the
-- background, after the document is stored and acknowledged. For search, for highlighting and for suggestions to a person:
-- no decision of the matcher looks here.
create table document_text (
	broker      text not null,
	document_id uuid not null,
	state       text not null check (state in ('read', 'empty', 'locked', 'refused', 'broken')),
	sentence    text,                   -- why not, or why not all
	page_count  int,                    -- of a PDF, as it says itself
	pages       jsonb not null,         -- [{page, width, height, words: [{text, box: [x0, y0, x1, y1]}]}], points from the upper left
	entries     jsonb not null,         -- of an archive: [{name, type, size, odd}]
	text        text not null,          -- the words alone, for search; the first 200,000 bytes
	looked_at   timestamptz not null default now(),
	primary key (broker, document_id),
	foreign key (broker, document_id) references document on delete cascade
);
create index document_text_words on document_text using gin (to_tsvector('simple', text));
create index document_to_look_into on document (broker, received_at, document_id)
	where media_type in ('application/pdf', 'application/zip');

-- The API reads it, for its own broker, and writes none of it.
select web_protect();
revoke insert, update, delete on document_text from vorpost_web;
