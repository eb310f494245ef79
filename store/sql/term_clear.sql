-- Forget how often values occur in the stock, before they are counted anew (term_count).
-- $1 text, broker
delete from term where broker = $1
