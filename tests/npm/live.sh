#!/bin/bash
# The program's own events against the contract: a whole scene, from the insurer to a receiver that is not ours, then every
# event against its schema and the golden ones. usage: live.sh [--golden]   closes with 'N passed, N failed'
#   --golden  write docs/events/golden anew from what came; then read the difference
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../lib.sh"
source "$here/../e2e/way.sh"
source "$here/../e2e/hostile.sh"
docs=$root/docs/events

scene_begin() { # NAME: way.sh makes its scenes with it
	broker=$1
	conf=$place/$1.yaml
	config "$conf" "$broker" "$state"
}
place_make live
state=$place/state
scene_begin live
cluster_lay "$state"
v init >"$place/out" 2>&1 || { bad "vorpost init" "$place/out"; close_count; }
cluster_keep "$state"
v migrate >"$place/out" 2>&1 || { bad "the database does not start" "$place/out"; close_count; }
stock_make "$place/stock.gdv" 400 4711
secret_make "$place/secrets/push"

# ---- an insurer that cannot be reached at first, documents, hostile answers ----

scene_sandbox live 160 4711 --misbehave '*:throttle_every=0' --misbehave '*:nok_every=0' || close_count
start "$place/received" node "$here/receiver.mjs" "$place/secrets/push" "$place/bodies"
await 240 has_line "$place/received" '^http' || { bad "the receiver does not start" "$place/received"; close_count; }
v endpoint add judge "$(head -1 "$place/received")" --types all --allow-private --secret-file "$place/secrets/push" --quiet
v connection change seeufer --transfer "https://localhost:1/seeufer/transfer" --sts "https://localhost:1/seeufer/sts" --quiet
v poll --once --quiet >"$place/round" 2>&1
v connection change seeufer --transfer "$base/seeufer/transfer" --sts "$base/seeufer/sts" --quiet
v connection resume seeufer --quiet
hostile_start || close_count
hostile_connection hostile hostile
for _ in 1 2; do v poll --once --quiet >"$place/round" 2>&1; done

# ---- a clerk moves documents that customers know of: within a customer's contracts, and to a stranger's ----

# The same document each time, whatever order the insurers were asked in: the golden events have its members.
released_of() { # SQL CONDITION on c (where it is) and o (where it goes)
	sql -v b="$broker" <<<"select e.payload->>'document_id', o.contract_id from event e
		join contract c on c.broker = e.broker and c.contract_id = e.payload->>'contract_id'
		join contract o on o.broker = e.broker and o.contract_id <> c.contract_id and o.issuer = c.issuer and $1
		where e.broker = :'b' and e.type = 'document.released'
		and not exists (select from event d where d.broker = :'b' and d.type = 'document.detached'
			and d.payload->>'document_id' = e.payload->>'document_id') order by e.payload->>'category' <> 'dunning', c.contract_id, o.contract_id, e.position limit 1" | tr '|' ' '
}
move() { # WHAT CONDITION
	local pair
	pair=$(released_of "$2")
	[ -n "$pair" ] || { bad "$1: there is no such document"; return; }
	expect "$1" 0 v queue assign $pair --confirm "$meant" --by clerk --no-alias
}
move "to another contract of the customer" "o.customer_id = c.customer_id"
move "to another customer's contract" "o.customer_id <> c.customer_id"

# ---- a receiver that never takes one event: it is parked, and the gap is told ----

start "$place/picky" env REFUSE_FIRST=1 node "$here/receiver.mjs" "$place/secrets/push" "$place/bodies"
await 240 has_line "$place/picky" '^http' || bad "the picky receiver does not start" "$place/picky"
v endpoint add picky "$(head -1 "$place/picky")" --types document.released --allow-private --retry 1 --from 1 \
	--secret-file "$place/secrets/push" --quiet || bad "the picky endpoint"
gap_told() { v events deliver --quiet >"$place/out" 2>&1; grep -q '^ok endpoint.gap' "$place/picky"; }
await 240 gap_told && good || bad "the gap is told" "$place/picky" "$place/out"
v events digest --quiet >"$place/out" 2>&1 || bad "the digest" "$place/out"
v endpoint test judge --quiet >"$place/out" 2>&1 || bad "endpoint test" "$place/out"
v events deliver --quiet >"$place/out" 2>&1 || bad "events deliver" "$place/out"

# ---- what came ----

grep '^bad' "$place/received" "$place/picky" && bad "standardwebhooks or cloudevents refused an event" || good
expect "the outbox as a batch" 0 v events list --output json --limit 100000
cp "$place/out" "$place/batch"
same "the receiver got all of it" "$(grep -c '^ok' "$place/received")" \
	"$(($(node -p 'JSON.parse(fs.readFileSync(0)).length' <"$place/batch") + $(grep -c '^ok endpoint' "$place/received")))"
if [ "${1:-}" = --golden ]; then node "$here/golden.mjs" --write "$docs/golden" <"$place/bodies"; fi
node "$here/contract.mjs" live <"$place/batch" && good || bad "the batch fits the schemas"
node "$here/contract.mjs" live <"$place/bodies" && good || bad "what was sent fits the schemas"
node "$here/events.mjs" --batch <"$place/batch" >/dev/null && good || bad "cloudevents takes the batch"
node "$here/golden.mjs" --check "$docs/golden" <"$place/bodies" && good || bad "the golden events are what is sent"
close_count
