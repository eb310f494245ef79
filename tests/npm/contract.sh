#!/bin/bash
# docs/events and docs/api, judged by other people's validators: ajv the schemas and the golden events, @asyncapi/parser the AsyncAPI
# document, cloudevents the golden events. Then each check must notice what is planted. Closes with 'N passed, N failed'.
set -u
cd "$(dirname "$0")" || exit 1
docs=$PWD/../../docs/events
passed=0
failed=0
good() { passed=$((passed + 1)); }
bad() { failed=$((failed + 1)); printf 'FAILED: %s\n' "$*"; }
place=$(mktemp -d /tmp/vorpost-contract.XXXXXX)
trap 'rm -rf "$place"' EXIT

holds() { # WHAT COMMAND...
	local what=$1
	shift
	"$@" >"$place/out" 2>&1 && good || bad "$what: $(head -20 "$place/out")"
}

types=$(sed -nE 's/^EVENT_TYPE\([A-Z_]+, "([a-z.]+)".*/\1/p' ../../model/event_types.def)
feedback=$(node -p 'JSON.parse(fs.readFileSync(process.argv[1])).properties.type.enum.join(" ")' "$docs/schemas/feedback.json")

# ---- what we have ----

holds "the schemas are what schemas.mjs makes" node "$docs/schemas.mjs" --check
holds "the schemas are schemas" node contract.mjs schemas
holds "golden events fit" node contract.mjs golden
holds "what was promised is still promised" node contract.mjs promises --kept "$docs/promises.txt"
holds "the AsyncAPI document is valid and knows every type" node asyncapi.mjs "$docs/asyncapi.yaml" $types $feedback
holds "the OpenAPI document is what openapi.mjs makes" node ../../docs/api/openapi.mjs --check
holds "the OpenAPI document is valid and its examples fit" node openapi.mjs ../../docs/api/openapi.json
for path in $(sed -nE 's/.*\{ "(GET|POST)", "([^"]+)".*/\2/p' ../../api/route.c); do # a tail of the query may follow
	grep -qE "address: '?$(printf %s "$path" | sed 's/[{}]/\\&/g')(\?|'|$)" "$docs/asyncapi.yaml" && good || bad "$path of api/route.c is not in the AsyncAPI document"
done
for type in $types; do
	[ -e "$docs/schemas/$type.json" ] && good || bad "$type of model/event_types.def has no schema"
done
for key in $(grep -ohE '"push\.[a-z_]+"' ../../events/*.c | sort -u); do
	grep -q "$key" "$docs/schemas/document.released.json" && good || bad "$key is not in the schema"
	case $key in *withdrawn*|*reassigned*) continue ;; esac # no notice of their own
	grep -q "$key: " ../../fixtures/push-consumer/texts.mjs || [ "$key" = '"push.document"' ] && good || bad "the consumer has no words for $key"
done
holds "cloudevents takes every golden event" node events.mjs --files "$docs"/golden/*.json

# ---- every check notices a breach ----

# Change a copy of docs/events: the command gets the copy's folder.
planted() { # WHAT FILE JAVASCRIPT(o) CHECK...
	local what=$1 file=$2 change=$3
	shift 3
	rm -rf "$place/docs"
	cp -r "$docs" "$place/docs"
	node -e 'const fs = require("fs"), [file, change] = process.argv.slice(1), o = JSON.parse(fs.readFileSync(file));
		new Function("o", change)(o); fs.writeFileSync(file, JSON.stringify(o))' "$place/docs/$file" "$change" || { bad "$what: cannot be planted"; return; }
	"$@" >"$place/out" 2>&1 && bad "not noticed: $what" || good
}
kept() { node contract.mjs promises --docs "$place/docs" --kept "$docs/promises.txt"; }
replay() { node contract.mjs golden --docs "$place/docs"; }
schemas() { node contract.mjs schemas --docs "$place/docs"; }
asyncapi() { node asyncapi.mjs "$place/docs/asyncapi.yaml"; }

released=schemas/document.released.json
for check in replay kept; do
	planted "$check: a removed member" $released 'delete o.properties.collapse_key' $check
	planted "$check: a renamed member" $released 'o.properties.ttl = o.properties.ttl_s; delete o.properties.ttl_s; o.required = o.required.map((m) => m === "ttl_s" ? "ttl" : m)' $check
	planted "$check: another type" $released 'o.properties.special_category.type = "string"' $check
	planted "$check: a member within a member removed" $released "delete o.properties.release.properties.rule" $check
done
planted "replay: a narrowed enumeration" $released 'o.properties.urgency.enum = ["very-low"]' replay
planted "replay: a new member that must be there" $released 'o.required.push("mood"); o.properties.mood = { type: "string" }' replay
planted "replay: a narrowed pattern" $released 'o.properties.collapse_key.pattern = "^x$"' replay
planted "replay: a golden event of no type" golden/document.released.json 'o.type = "document.beamed"' replay
planted "replay: another dataschema" golden/document.released.json 'o.dataschema = "urn:vorpost:schema:document.released:2"' replay
planted "replay: an envelope without an id" golden/document.released.json 'delete o.id' replay
planted "kept: a narrowed enumeration" $released 'o.properties.urgency.enum.pop()' kept
planted "kept: a narrowed open enumeration" $released 'o.properties.category.anyOf[0].enum.pop()' kept
planted "kept: no longer always there" $released 'o.required = o.required.filter((m) => m !== "dataref")' kept
planted "kept: a member that is not in the list yet" $released 'o.properties.mood = { type: "string" }' kept
planted "schemas: a word that is no keyword" $released 'o.propertys = {}' schemas
planted "schemas: another id" $released 'o.$id = "urn:vorpost:schema:document.released:2"' schemas
planted "asyncapi: a schema that is none" $released 'o.properties = 7' asyncapi
rm -rf "$place/docs" && cp -r "$docs" "$place/docs" && rm "$place/docs/golden/invoice.issued.json"
replay >/dev/null && bad "not noticed: a missing golden event" || good
rm "$place/docs/$released"
asyncapi >/dev/null && bad "not noticed by asyncapi: a missing schema" || good
sed -i 's|action: send|action: shout|' "$place/docs/asyncapi.yaml"
cp "$docs/$released" "$place/docs/$released"
cp "$docs/golden/invoice.issued.json" "$place/docs/golden/"
asyncapi >/dev/null && bad "not noticed by asyncapi: an unknown action" || good

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
