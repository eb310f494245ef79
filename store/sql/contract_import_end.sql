-- Forget what the import has seen.
-- $1 int8, import
delete from contract_seen where import = $1
