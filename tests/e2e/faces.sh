# faces.sh -- the command line as others rely on it: exit codes, JSON and CSV that can be read. Sourced by e2e.sh.

is_json() { node -e 'JSON.parse(require("fs").readFileSync(0, "utf8"))' <"$1" 2>/dev/null; }
is_csv() { # the same number of cells in every line
	node -e 'const text = require("fs").readFileSync(0, "utf8"); let cells = 1, quoted = false; const rows = [];
		for (const c of text) { if (c === "\"") quoted = !quoted; else if (!quoted && c === ",") cells++;
			else if (!quoted && c === "\n") { rows.push(cells); cells = 1; } }
		process.exit(quoted || !rows.length || new Set(rows).size > 1 ? 1 : 0)' <"$1"
}

test_exit_codes() {
	conf=$place/faces.yaml
	expect "no command" 64 "$build/vorpost"
	expect "an unknown command" 64 v brew coffee
	expect "an unknown option" 64 v queue list --no-such-option
	says "it names the option" 'no-such-option' "$place/err"
	expect "an --output that is none" 64 v queue list --output xml
	expect "help" 0 v help
	expect "help of a command" 0 v queue assign --help
	expect "a configuration that is not there" 78 "$build/vorpost" --config "$place/nowhere.yaml" queue list
	printf 'broker: x\nstat: y\n' >"$place/odd.yaml"
	expect "an unknown key" 78 "$build/vorpost" --config "$place/odd.yaml" check-config
	says "it says which line" '2' "$place/err"
	expect "check-config" 0 v check-config
	expect "migrate" 0 v migrate
	says "migrate" 'up to date' "$place/out"
	expect "poll without --once" 64 v poll
	expect "a document that is not there" 66 v queue show 01900000-0000-7000-8000-000000000000
	expect "a delivery that is not there" 66 v delivery show nobody nothing
}

# Without any configuration, from any folder.
test_numbers() {
	cd "$place/empty" || return
	expect "number compare: same" 0 "$build/vorpost" number compare --vu 5312 "AS-12 34567890" "as1234567890"
	expect "number compare: different" 1 "$build/vorpost" number compare --vu 5312 "AS-12 34567890" "AS-12 34567891"
	expect "number compare: a person must look" 2 "$build/vorpost" number compare --vu 5312 "AS-12 34567890" ""
	expect "number compare: usage" 64 "$build/vorpost" number compare "1" "2"
	expect "number explain" 0 "$build/vorpost" number explain --vu 5343 "VSE/302.544.159/09"
	printf 'left_vu,left,right_vu,right\n5312,AS-12 34567890,5312,as1234567890\n5312,"AS-12, 34567890",5312,x\n' >"$place/pairs"
	"$build/vorpost" number compare --batch <"$place/pairs" >"$place/out" 2>"$place/err"
	same "number compare --batch" "$?" 0
	says "its head" '^left_vu,left,right_vu,right,verdict,reason$' "$place/out"
	says "its first line" '^5312,AS-12 34567890,5312,as1234567890,same,' "$place/out"
	is_csv "$place/out" && good || bad "number compare --batch is no CSV" "$place/out"
	for how in json csv; do
		expect "insurers list --output $how" 0 "$build/vorpost" insurers list --output $how
		"is_$how" "$place/out" && good || bad "insurers list is no $how" "$place/out"
	done
	expect "insurers show" 0 "$build/vorpost" insurers show allianz
	expect "insurers show: nobody" 66 "$build/vorpost" insurers show nobody-at-all
	cd "$root" || return
}

# After the whole way there is something to list.
test_lists() {
	[ -e "$place/way.yaml" ] || test_whole_way
	conf=$place/way.yaml
	for command in "connection list" "queue list" "delivery list" "endpoint list" "events list" "stats queue" "stats connections"; do
		for how in json csv; do
			# shellcheck disable=SC2086
			expect "$command --output $how" 0 v $command --output $how || continue
			"is_$how" "$place/out" && good || bad "$command is no $how" "$place/out"
		done
	done
	expect "stats --output json" 0 v stats --output json
	is_json "$place/out" && good || bad "stats is no JSON" "$place/out"
	expect "stats --output csv: which list?" 64 v stats --output csv
	expect "events tail" 0 v events tail
	head -1 "$place/out" >"$place/line"
	is_json "$place/line" && good || bad "events tail is no JSON" "$place/line"
	expect "events replay --dry-run" 0 v events replay --endpoint push --from 1 --dry-run
	says "events replay --dry-run counts by type" '^document.attached *[1-9]' "$place/out"
	expect "events replay: from where?" 64 v events replay --endpoint push
	expect "events replay: nothing lies there" 64 v events replay --endpoint push --from 999999999 --dry-run
	expect "events replay: no such time" 64 v events replay --endpoint push --from 2025-13-01T00:00:00Z --dry-run
	expect "events replay" 0 v events replay --endpoint push --from 1 --to 5 --types all
	expect "events replay: one is under way" 69 v events replay --endpoint push --from 1
	expect "events replay --list" 0 v events replay --list --output json
	is_json "$place/out" && says "an open replay" '"state": *"open"' "$place/out"
	expect "events replay --cancel" 0 v events replay --endpoint push --cancel
	expect "events replay --cancel: none" 66 v events replay --endpoint push --cancel
	expect "events dead" 0 v events dead --output json
	expect "events dead show: none" 66 v events dead show 01920000-0000-7000-8000-000000000001
	expect "events dead send: none" 66 v events dead send 01920000-0000-7000-8000-000000000001
	expect "events dead send: which?" 64 v events dead send
	expect "doctor" 0 v doctor
	expect "match again --dry-run" 0 v match again --dry-run
	document=$(sql <<<"select document_id from document where broker = 'way' and state = 'queued' order by document_id limit 1")
	expect "queue show --output json" 0 v queue show "$document" --output json
	is_json "$place/out" && good || bad "queue show is no JSON" "$place/out"
	expect "match explain" 0 v match explain "$document"
}

test_saved_answers() {
	local sent=$place/hostile/sent
	[ -e "$sent/DOCTYPE" ] || test_hostile_answers
	conf=$place/faces.yaml
	expect "delivery read: good" 0 v delivery read "$sent/GUT-1"
	is_json "$place/out" && says "delivery read: its facts" '"media_type": *"application/pdf"' "$place/out"
	expect "delivery read: the right shipment" 0 v delivery read "$sent/GUT-1" --shipment GUT-1
	expect "delivery read: another shipment" 65 v delivery read "$sent/GUT-1" --shipment GUT-2
	same "one sentence" "$(wc -l <"$place/err")" 1
	for id in $unreadable; do
		[ "$id" = ANDERE ] && continue
		expect "delivery read: $id" 65 v delivery read "$sent/$id" ||
			say "  (of $id)"
	done
	{ printf 'HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 100000\r\n\r\n'; cat "$sent/GUT-1"; } >"$place/cut.http"
	expect "delivery read: cut by the transport" 75 v delivery read "$place/cut.http"
	{ printf 'HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %s\r\n\r\n' "$(stat -c %s "$sent/GUT-1")"; cat "$sent/GUT-1"; } >"$place/whole.http"
	expect "delivery read: a whole HTTP answer" 0 v delivery read "$place/whole.http"
	expect "delivery read: no such file" 66 v delivery read "$place/nowhere.xml"
}

# Real third-party data stay beside the checkout, where they are at hand.
test_real_data() {
	local file code
	local data=$root/../shared/data
	conf=$place/faces.yaml
	if [ ! -d "$data" ]; then say "NOTICE: no real data beside this checkout (../shared/data): their two tests are left out"; left_out=yes; return; fi
	for file in "$data"/bipro/*.xml; do
		code=0
		[ "$(basename "$file")" != response_error.xml ] || code=65
		expect "delivery read $(basename "$file")" "$code" v delivery read "$file" || continue
		[ "$code" -ne 0 ] || is_json "$place/out" && good || bad "$(basename "$file"): no JSON" "$place/out"
	done
	for file in "$data"/gdv/*; do
		code=0
		[[ $file == *musterdatei* ]] || code=65 # their 9999 are missing or count other records
		expect "contracts import --print $(basename "$file")" "$code" v contracts import --print "$file" || continue
		is_csv "$place/out" && good || bad "$(basename "$file"): no CSV" "$place/out"
	done
}
