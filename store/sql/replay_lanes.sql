-- The lanes that a replay has been in.
-- $1 int8 replay    -> lane
select lane from replay_lane where replay_id = $1::bigint;
