-- The database's clock: leases and rounds go by it, whatever the machines' clocks say.
--   -> now timestamptz as text
select now()::text as now
