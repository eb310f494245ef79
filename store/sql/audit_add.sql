-- One more line of the audit log.
-- $1 broker, $2 who, $3 action, $4 object or null, $5 address or null    -> nothing
insert into audit (broker, name, action, object, address) values ($1, $2, $3, $4, $5);
