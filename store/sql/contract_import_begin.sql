-- A number for an import round.
--   -> import int8
select nextval('contract_import_number') as import
