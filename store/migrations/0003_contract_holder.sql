-- A document that waits is shown the contracts of its holder: by birth date, by plate, by postcode.
create index contract_by_birth_date on contract (broker, issuer, birth_date) where birth_date is not null;
create index contract_by_plate on contract (broker, issuer, upper(translate(plate, ' -.', ''))) where plate is not null;
create index contract_by_postcode on contract (broker, issuer, postcode) where postcode is not null;
