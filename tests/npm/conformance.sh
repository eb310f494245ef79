#!/bin/bash
# What vorpost sends, judged by other people's libraries: standardwebhooks checks the signatures, cloudevents the
# events. usage: conformance.sh BUILD_FOLDER   closes with 'N passed, N failed[, N skipped]'
set -u
build=$(cd "${1:?usage: conformance.sh BUILD_FOLDER}" && pwd) || exit 64
cd "$(dirname "$0")" || exit 1
passed=0
failed=0
good() { passed=$((passed + 1)); }
bad() { failed=$((failed + 1)); printf 'FAILED: %s\n' "$*"; }

if [ ! -d node_modules/standardwebhooks ] || [ ! -d node_modules/cloudevents ]; then
	echo "SKIPPED: conformance: the packages are not installed (npm ci in tests/npm)"
	echo "0 passed, 0 failed, 8 skipped"
	exit 0
fi

place=$(mktemp -d /tmp/vorpost-npm.XXXXXX)
chmod 755 "$place"
children=()
finish() {
	for child in "${children[@]}"; do kill "$child" && wait "$child"; done 2>/dev/null
	rm -rf "$place"
}
trap finish EXIT

printf 'broker: demo\nstate: state\nsource: "//vorpost/demo"\n' >"$place/vorpost.yaml"
vorpost() { "$build/vorpost" "$@" --config "$place/vorpost.yaml"; }

# Wait for a line of a program that runs beside us.
await() { # FILE PATTERN [COUNT]
	for _ in $(seq 4800); do
		[ "$(grep -cE "$2" "$1" 2>/dev/null)" -ge "${3:-1}" ] && return 0
		sleep 0.05
	done
	printf 'waited in vain for %s in:\n' "$2"
	cat "$1"
	return 1
}

# ---- the scene: a tail that also keeps the private database alive, and a receiver that is not ours ----

vorpost events list >"$place/list" || { bad "vorpost does not start"; echo "0 passed, 1 failed"; exit 1; }
"$build/vorpost" events tail --follow --config "$place/vorpost.yaml" >"$place/tail" &
children+=($!)
node receiver.mjs "$place/secret" "$place/bodies" "$place/key" >"$place/received" &
children+=($!)
await "$place/received" '^http' || { bad "the receiver does not start"; echo "0 passed, 1 failed"; exit 1; }
vorpost endpoint add push "$(head -1 "$place/received")" --secret-file "$place/secret" --signature both --types all --allow-private --quiet
vorpost endpoint key push >"$place/key"

# ---- signatures ----

vorpost endpoint test push >"$place/out" && await "$place/received" '^ok endpoint\.test [0-9a-f-]{36} -$' &&
	good || bad "a test event is accepted: $(cat "$place/out" "$place/received")"

vorpost endpoint rotate push --quiet && vorpost endpoint test push >"$place/out" &&
	await "$place/received" '^ok endpoint\.test' 2 &&
	good || bad "during a rotation the old secret still does: $(cat "$place/out" "$place/received")"

vorpost endpoint rotate push --finish --quiet && vorpost endpoint key push >"$place/key" && vorpost endpoint test push >"$place/out" &&
	await "$place/received" '^ok endpoint\.test' 3 &&
	good || bad "after a rotation the new secret does: $(cat "$place/out" "$place/received")"

# ---- events through the outbox ----

socket=$(sed -n 5p "$place/state/postgres/postmaster.pid")
psql -qX -v ON_ERROR_STOP=1 "host=$socket user=vorpost dbname=vorpost" <<'SQL'
insert into event (broker, id, aggregatetype, aggregateid, type, payload) values
 ('demo', '01920000-0000-7000-8000-000000000001', 'customer', 'K-1', 'document.attached',
  '{"document_id": "d1", "note": "Ümläute \" \\ \u2028 €"}'),
 ('demo', '01920000-0000-7000-8000-000000000002', 'customer', 'K-1', 'document.withdrawn', '{"document_id": "d1"}'),
 ('demo', '01920000-0000-7000-8000-000000000003', 'broker', 'nord', 'connection.failed', '{}');
SQL
vorpost events deliver --quiet
sed -n 's/^ok \([a-z]*\.[a-z]*\) [0-9a-f-]* \([0-9]*\)$/\1 \2/p' "$place/received" >"$place/order"
printf '%s\n' 'document.attached 00000000000000000001' 'document.withdrawn 00000000000000000002' >"$place/customer"
echo 'connection.failed 00000000000000000003' >"$place/connection"
grep '^document' "$place/order" | diff "$place/customer" - && grep '^connection' "$place/order" | diff "$place/connection" - &&
	good || bad "three events arrive valid, those of the customer in order"

grep '^bad' "$place/received" && bad "a request was refused" || good

# ---- the same events on the command line ----

cat >"$place/expected" <<'LIST'
document.attached d1 K-1 00000000000000000001
document.withdrawn d1 K-1 00000000000000000002
connection.failed nord nord 00000000000000000003
LIST
vorpost events list --output json | node events.mjs --batch | diff "$place/expected" - &&
	good || bad "events list --output json is a batch of CloudEvents"

await "$place/tail" 'connection\.failed' && node events.mjs <"$place/tail" | diff "$place/expected" - &&
	good || bad "events tail prints one CloudEvent a line"

# ---- the other way round: our receiver judges what standardwebhooks signed ----

(umask 077; grep whsec_ "$place/secret" >"$place/shared")
"$build/vorpost-webhook" --log "$place/log" --secret-file "$place/shared" >"$place/webhook" &
children+=($!)
await "$place/webhook" 'listening' && node sign.mjs "$place/shared" "$(sed 's/^listening on //' "$place/webhook")"
grep -oE '"signature":"[a-z]+"' "$place/log" | cut -d'"' -f4 | paste -sd' ' | grep -qx 'valid invalid stale missing' &&
	good || bad "vorpost-webhook agrees with standardwebhooks: $(cat "$place/log")"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
