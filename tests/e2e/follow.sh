# follow.sh -- one real delivery from the list to the acknowledgement, by what `vorpost delivery show` says of it on the way.
# Sourced by e2e.sh.

followed=WI00000002 # of seed 3: two documents

# An insurer who signs, as a connection of a broker of its own.
follow_begin() {
	scene_begin followed "$root/fixtures/logins/insurers"
	folder=$place/followed
	log=$place/followed.log
	mkdir -p "$folder/descriptions"
	cp "$root/fixtures/logins/sandbox/windau.yaml" "$folder/descriptions"
	"$build/vorpost-generate" --insurers "$folder/descriptions" --stock "$folder/stock.gdv" --count 60 --seed 12 >/dev/null
	v contracts import "$folder/stock.gdv" --quiet >"$place/out" 2>&1 || bad "the stock" "$place/out"
	v contracts import --print "$folder/stock.gdv" >"$folder/stock.csv" 2>/dev/null
	follow_shipments 1
	follow_sandbox || return 1
	v connection add windau --insurer windau --transfer "$base/windau/transfer" --ca "$folder/tls/ca.pem" --token-file "$folder/windau/client/token" \
		--trust "$folder/windau/signer/ca.pem" --crl "$folder/windau/signer/crl.pem" --signer sign.windau.example --quiet || bad "the connection"
}
follow_shipments() { # FIRST
	"$build/vorpost-generate" --insurers "$folder/descriptions" --contracts "$folder/stock.csv" --seed 3 --first "$1" --shipments 3 --out "$folder" >/dev/null
}
follow_sandbox() { # [SANDBOX OPTION...]: at the port it had
	[ -z "${sandbox_followed:-}" ] || { stop "$sandbox_followed"; set -- --port "${base##*:}" "$@"; }
	sandbox_start "$folder" "$log" --insurers "$folder/descriptions" --misbehave '*:throttle_every=0' --misbehave '*:nok_every=0' "$@" || return 1
	sandbox_followed=$sandbox
}

# A round against a sandbox that misbehaves so; then the delivery is shown.
follow_round() { # WHAT SHIPMENT [MISBEHAVIOUR]
	follow_sandbox ${3:+--misbehave "windau:$3"} || return 1
	v poll --once --quiet >"$place/round" 2>&1 </dev/null
	expect "$1: shown" 0 v delivery show windau "$2"
}

time_of() { sed -nE "s/^$1 +(20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z)$/\1/p" "$place/out"; } # FIELD, of what is shown
field_of() { sed -nE "s/^$1 +//p" "$place/out"; }

# What is shown has these times, none before the one in front of it nor before the test began, and not these others.
told() { # WHAT "FIELD..." ["FIELD..."]
	local field time last=$follow_began
	for field in $2; do
		time=$(time_of "$field")
		if [ -z "$time" ]; then bad "$1: $field is not told" "$place/out"; continue; fi
		[[ ! $time < $last ]] && good || bad "$1: $field is $time, before $last" "$place/out"
		last=$time
	done
	[[ ! $(date -u +%FT%TZ) < $last ]] && good || bad "$1: $last is in the future" "$place/out"
	for field in ${3:-}; do says_not "$1: no $field yet" "^$field " "$place/out"; done
}

documents_told() { # SHIPMENT: with name and size, as the insurer's shelf has them
	local name path
	while IFS=: read -r name path; do
		says "$1: its document $name" "^[0-9a-f-]{36} .* $name +application/pdf +$(stat -c %s "$folder/windau/documents/$path") " "$place/out"
	done < <(grep -F "\"id\":\"$1\"" "$folder/windau/shipments.jsonl" | grep -oE '"name":"[^"]*"|"path":"[^"]*"' | cut -d'"' -f4 | paste -d: - -)
	same "$1: so many documents" "$(grep -cE '^[0-9a-f-]{36} ' "$place/out")" \
		"$(grep -F "\"id\":\"$1\"" "$folder/windau/shipments.jsonl" | grep -oE '"path"' | wc -l)"
}

follow_to_stored() {
	follow_round "listed, and its answer cut off" "$followed" cut_body_every=1
	same "listed: the state" "$(field_of state)" listed
	told "listed" "first_listed fetch_tried" "answered stored acknowledged"
	says "listed: what went wrong" '^fetch_trouble +.*get: ' "$place/out"
	same "listed: no document yet" "$(grep -cE '^[0-9a-f-]{36} ' "$place/out")" 0
	follow_listed=$(time_of first_listed)
	follow_round "stored, and the acknowledgement not answered" "$followed" lose_acknowledgement_every=1
	same "stored: the state" "$(field_of state)" stored
	told "stored" "first_listed answered stored acknowledge_tried" "acknowledged"
	says "stored: what became of the acknowledgement" '^acknowledgement +unanswered$' "$place/out"
	says "stored: what comes next" '^next +its acknowledgement went out and was not answered' "$place/out"
}

follow_verdict() { # WHAT
	same "$1: the policy" "$(field_of signature_policy)" required
	same "$1: the signature" "$(field_of signature)" verified
	says "$1: the signer" '^signer +.*sign.windau.example' "$place/out"
}

follow_to_acknowledged() {
	local fields="first_listed answered stored acknowledge_tried acknowledged" field
	follow_round "acknowledged" "$followed"
	same "acknowledged: the state" "$(field_of state)" acknowledged
	told "acknowledged" "$fields"
	same "acknowledged: listed first when it was" "$(time_of first_listed)" "$follow_listed"
	says "acknowledged: how it is known" '^acknowledgement +settled$' "$place/out"
	follow_verdict acknowledged
	documents_told "$followed"
	same "the insurer knows it" "$(grep -cx "$followed" "$folder/windau/acknowledged")" 1
	cp "$place/out" "$place/shown"
	expect "for machines" 0 v delivery show windau "$followed" --output json
	for field in $fields; do
		says "for machines: $field" "^ *\"$field\": \"$(sed -nE "s/^$field +//p" "$place/shown")\",?$" "$place/out"
	done
}

# Held back until a person releases it: the same times, and who it was.
follow_released() {
	local held=WI00000004
	expect "by hand from now on" 0 v connection change windau --acknowledge manual --quiet
	follow_shipments 4
	follow_round "held" "$held"
	same "held: the state" "$(field_of state)" stored
	told "held" "first_listed answered stored" "acknowledge_tried acknowledged released"
	same "held: by the mode" "$(field_of acknowledge_mode)" manual
	says "held: what comes next" "^next +acknowledged when released: vorpost delivery release windau $held" "$place/out"
	follow_verdict held
	expect "released" 0 v delivery release windau "$held" --by jana
	follow_round "released" "$held"
	same "released: the state" "$(field_of state)" acknowledged
	told "released" "first_listed answered stored released acknowledge_tried acknowledged"
	same "released: by whom" "$(field_of released_by)" jana
	says "released: how it is known" '^acknowledgement +confirmed$' "$place/out"
	documents_told "$held"
}

test_followed() {
	local sandbox_followed= follow_listed follow_began
	follow_began=$(date -u +%FT%TZ)
	follow_begin || return
	follow_to_stored
	follow_to_acknowledged
	follow_released
	stop "$sandbox_followed"
}
