-- Remove a connection that nothing was ever listed of, and that nobody works on.
-- $1 text, broker   $2 text, name   -> connection, no row if there is none or it must stay
delete from connection c
where c.broker = $1 and c.connection = $2 and (c.lease_until is null or c.lease_until < now())
  and not exists (select from shipment s where s.broker = c.broker and s.connection = c.connection)
returning connection
