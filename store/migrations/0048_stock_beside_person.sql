-- What the stock calls a name that a person confirmed first: the person's word may be taken back, the stock's stays. Null: the stock
-- does not bring it.
alter table contract_name add column stock_origin text, add column stock_spelling text;
