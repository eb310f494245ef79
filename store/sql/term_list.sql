-- How often values occur in the stock; value null: how many contracts have one at all.
-- $1 text, broker    -> field text, value text, contracts int8
select field, value, contracts from term where broker = $1
