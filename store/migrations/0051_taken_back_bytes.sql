-- Bytes that a person took away from a contract do not come there again in another delivery: asked with the names (name_find.sql).
create index document_taken_back on document (broker, sha256) where taken_back <> '{}';

-- Why nobody gets on with it must not keep the others: what failed stands behind them (rematch_claim.sql).
alter table rematch_due add column failures int not null default 0;
