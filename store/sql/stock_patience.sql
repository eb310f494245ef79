-- One statement of an import may look at every contract, and another import may take long: nothing of this transaction is ended for
-- its length, or for what it waits.
select set_config('statement_timeout', '0', true), set_config('lock_timeout', '0', true)
