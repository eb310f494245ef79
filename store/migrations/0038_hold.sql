-- Why a shipment is acknowledged only by a person, whatever the mode: one of its documents is a link, whose bytes never came.
alter table shipment add column hold text check (hold in ('link'));
