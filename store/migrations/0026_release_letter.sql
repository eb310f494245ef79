-- When the letter of a document was expected as the customer was told of it: by this the lead is counted. Null: there is no letter,
-- nobody knows when it comes, or the customer was not told.
alter table release add column letter_at timestamptz;

drop index release_by_time;
create index release_by_time on release (broker, released_at) include (document_id, letter_at) where released_at is not null;
