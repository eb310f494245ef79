-- Write down what a person decided.
-- $1 text, broker   $2 uuid, decision   $3 uuid, document   $4 text, assign | create | ignore | postpone | hand_over | undo
-- $5 text, contract; null: none   $6 text, issuer and $7 text, key of the alias it wrote; null: none
-- $8 text, note; null: none   $9 jsonb, the document's verdict before   $10 text, the person
-- $11 text, why it is ignored; null: it is not
insert into decision (broker, decision_id, document_id, action, contract_id, issuer, key, note, before, decided_by,
                      decided_at, reason)
values ($1, $2::uuid, $3::uuid, $4, $5, $6, $7, $8, $9::jsonb, $10, clock_timestamp(), $11)
