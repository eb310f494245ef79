-- Words of what waits, wherever they stand in what is said of a document, by their trigrams. pg_trgm belongs to PostgreSQL, and the
-- owner of a database may create it; where he may not, a search for a rare word walks through all that waits.
do $$
begin
	create extension if not exists pg_trgm;
	create index document_said on document using gin (said gin_trgm_ops) where state = 'queued';
exception
	when insufficient_privilege or undefined_file or feature_not_supported then
		raise notice 'without the extension pg_trgm searching a long queue is slow';
end $$;
