-- Remove an account and its sessions; what it did stays in the audit log.
-- $1 broker, $2 name    -> name, or no row
delete from app_user where broker = $1 and name = $2 returning name;
