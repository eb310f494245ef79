-- A person says with the name that numbers of this insurer are spelled like that in general. A proposal, which `vorpost insurers learn`
-- draws as a picture; nothing is read by it before somebody accepts the picture. It goes with the name.
alter table contract_name add column as_pattern boolean not null default false;
