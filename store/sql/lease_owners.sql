-- Who holds leases of this broker.
-- $1 text, broker
--   -> connection text, owner text, fence int8
select connection, lease_owner as owner, lease_fence as fence
from connection
where broker = $1 and lease_owner is not null
