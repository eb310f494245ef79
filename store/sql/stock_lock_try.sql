-- Whoever takes a stock over, or brings its names to new rules, holds the broker's until the transaction ends: of two at once the second
-- would read the names before the first wrote them. An advisory lock, because decisions and polls must not wait for it.
-- $1 text, broker   -> got bool
select pg_try_advisory_xact_lock(hashtextextended('stock ' || $1, 0)) as got
