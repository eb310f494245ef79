#!/bin/bash
# The HTTP API against docs/api/openapi.json: the document by itself, then a program that listens, an office behind it, every
# operation with every documented refusal, then requests drawn from the document at random. usage: api.sh [FUZZED REQUESTS]
# Closes with 'N passed, N failed'.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../lib.sh"
source "$here/scene.sh"
requests=${1:-2000}

# A script that closes with its own count.
counted_in() { # WHAT COMMAND...
	local what=$1 line
	shift
	"$@" >"$place/counted" 2>&1
	line=$(grep -oE '^[0-9]+ passed, [0-9]+ failed' "$place/counted" | tail -1)
	[ -n "$line" ] || { bad "$what: no count" "$place/counted"; return; }
	grep '^FAILED' "$place/counted"
	passed=$((passed + ${line%% *}))
	line=${line##*passed, }
	failed=$((failed + ${line%% *}))
}

# ---- the document ----

place_make api
document=$root/docs/api/openapi.json
expect "openapi.json is what openapi.mjs makes" 0 node "$root/docs/api/openapi.mjs" --check
expect "it is valid, its examples fit, its problems are those of the program" 0 node "$root/tests/npm/openapi.mjs" "$document" "$root/api/problem.c"
planted() { # WHAT JAVASCRIPT(o)
	node -e 'const fs = require("fs"), [from, to, change] = process.argv.slice(1), o = JSON.parse(fs.readFileSync(from));
		new Function("o", change)(o); fs.writeFileSync(to, JSON.stringify(o))' "$document" "$place/planted.json" "$2" || { bad "$1: cannot be planted"; return; }
	node "$root/tests/npm/openapi.mjs" "$place/planted.json" "$root/api/problem.c" >"$place/out" 2>&1 && bad "not noticed: $1" || good
}
planted "an operation without answers" 'delete o.paths["/api/v1/me"].get.responses'
planted "an example that does not fit" 'o.components.schemas.Lock.properties.lock.properties.until.format = "uuid"'
planted "an id that comes twice" 'o.paths["/api/v1/me"].get.operationId = "queue"'
planted "a problem that the program does not know" 'o.components.schemas.Problem.properties.type.enum.push("urn:vorpost:problem:mood")'
planted "a problem that is not listed" 'o.components.schemas.Problem.properties.type.enum.pop()'

# ---- the program ----

office_open office 400 160 || close_count
for role in lead clerk; do (umask 077; printf 'example of %s 4711\n' $role >"$place/secrets/$role"); done
for role in lead clerk; do
	v --quiet user add "$role-of-test" --role "$role" --password-file "$place/secrets/$role" >"$place/out" 2>&1 || bad "user add" "$place/out"
done
users='{"lead": ["lead-of-test", "example of lead 4711"], "clerk": ["clerk-of-test", "example of clerk 4711"]}'
scopes="documents decisions stock insurers statistics users"
tokens="\"all\": \"$(v --quiet token add all --scope "${scopes// /,}")\""
for scope in $scopes; do tokens+=", \"$scope\": \"$(v --quiet token add "$scope" --scope "$scope")\""; done
secret_make "$place/secrets/feedback"
tokens+=", \"push\": \"$(v --quiet token add push --scope events,events:broker --consumer push)\""
tokens+=", \"feedback\": \"$(v --quiet token add feedback --scope feedback --consumer teller --secret-file "$place/secrets/feedback")\""
# A consumer that is gone and left its token behind; events that are no longer kept.
tokens+=", \"lost\": \"$(v --quiet token add lost --scope events,events:broker --consumer lost)\""
sql -c "update consumer set position = 0; delete from consumer where consumer = 'lost'; delete from event where position <= 2" >"$place/out" 2>&1 || bad "what is gone" "$place/out"
printf 'proxies: [ 127.0.0.1 ]\nlogin_header: X-Remote-User\nurl: http://127.0.0.1\n' >>"$conf"
sql -c "insert into shipment (broker, connection, shipment_id, state, refusal, attempts, answered_at) values
	('$broker', 'seeufer', 'Q & 1', 'quarantined', 'getShipment: no end at byte 12', 1, now())" >"$place/out" 2>&1 || bad "a quarantined delivery" "$place/out"
# What is done by a command is in the same audit log.
noted() { expect "$2 by a command is noted" 0 grep -q ",$2,$3," <(v --output csv audit list --action "$2" --limit 50); } # _ ACTION OBJECT
v connection pause lindenhof --reason Wartung >"$place/out" 2>&1 && v --quiet connection resume lindenhof >"$place/out" 2>&1 || bad "pause and resume" "$place/out"
waits=$(sql -c "select document_id from document where state = 'queued' order by document_id limit 1")
v --quiet queue postpone "$waits" "$(date -u -d '+3 days' +%FT%TZ)" >"$place/out" 2>&1 && v --quiet queue undo "$waits" >"$place/out" 2>&1 || bad "postpone and undo" "$place/out"
for done in "connection.poll " "contracts.import " "connection.pause lindenhof" "connection.resume lindenhof" "document.postpone $waits" "document.undo $waits" "token.add all"; do
	noted - ${done% *} "${done#* }"
done
serve_open || close_count
cat >"$place/place.json" <<EOF
{"url": "$url", "users": $users, "tokens": {$tokens}, "stock": "$place/stock.gdv", "feedback_secret": "$place/secrets/feedback",
 "not_here": ["login_proxy path"]}
EOF
if [ -n "${VORPOST_KEEP:-}" ]; then cp "$place/place.json" "$VORPOST_KEEP"; fi
counted_in "contract" node "$here/contract.mjs" "$place/place.json"
if [ "$requests" -gt 0 ]; then counted_in "fuzzed requests" node "$here/fuzz.mjs" "$place/place.json" "$requests"; fi
grep -E ' (error|warning) .*(api|stock)|internal' "$place/serve" | grep -v 'stock file' >"$place/errors" && bad "the program complains" "$place/errors" || good
stop "$serve"
close_count
