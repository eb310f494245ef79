-- As stock_lock_try, which comes before it; waits.
-- $1 text, broker
select pg_advisory_xact_lock(hashtextextended('stock ' || $1, 0))
