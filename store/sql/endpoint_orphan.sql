-- Release what an owner holds that is known to be dead.
-- durability: relaxed
-- $1 broker, $2 lease_owner
update endpoint set lease_owner = null where broker = $1 and lease_owner = $2;
