#!/bin/bash
# Events under fault, with real parts: PostgreSQL, `vorpost serve`, receivers, readers of the feed.
# usage: campaign.sh [--long] [--seed N] [--only fault|cursor]
#
#   fault    many writers; three webhook receivers of which some 20 % of the answers fail or are late, a feed reader, a
#            reader of the stream, a consumer that acknowledges; kill -9 of the events role, the api role, a receiver, the
#            consumer and PostgreSQL, again and again. At the end: 0 lost, 0 out of order, repetitions with the same id only
#   cursor   16 writers with transactions of random length against cursors, over HTTP and with the product's own statement:
#            0 skipped, positions without a gap
#
#   short    5,000 and 10,000 events, two kills of each kind            (part of ./run test)
#   long     100,000 and 200,000 events, ten kills of each kind; VORPOST_BUILD=build/release makes it quicker
#
# Judged by judge.mjs, which judge_test.mjs tests with planted violations. Closes with 'N passed, N failed'.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../lib.sh"

events_of_fault=5000 events_of_cursor=10000 customers=300 kills=2 patience=240
seed=$((RANDOM * 32768 + RANDOM))
only=""
while [ $# -gt 0 ]; do
	case $1 in
	--long) events_of_fault=100000 events_of_cursor=200000 customers=3000 kills=10 patience=3600 ;;
	--seed) seed=${2:?} && shift ;;
	--only) only=${2:?} && shift ;;
	*) echo "usage: campaign.sh [--long] [--seed N] [--only fault|cursor]" >&2; exit 64 ;;
	esac
	shift
done
RANDOM=$((seed % 32768))
say "seed $seed"

command -v node >/dev/null || { say "node is missing"; say "0 passed, 1 failed"; exit 1; }
place_make events
state=$place/state

port_free() { node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'; }
pause() { sleep "$(printf '%d.%03d' $(($1 / 1000)) $((RANDOM % 1000)))"; }

# ---- a scene: a broker of its own, the daemon ----

scene_begin() { # NAME
	broker=$1
	scene=$place/$1
	mkdir -p "$scene"
	conf=$scene/vorpost.yaml
	api_port=$(port_free)
	base=http://127.0.0.1:$api_port
	config "$conf" "$broker" "$state"
	sed -i 's/^workers: .*/workers: 1/' "$conf"
	printf 'listen: "127.0.0.1:%s"\n' "$api_port" >>"$conf"
	cluster_lay "$state"
	v init >"$place/out" 2>&1 || { bad "vorpost init" "$place/out"; return 1; }
	[ -n "${keeper:-}" ] || cluster_keep "$state"
	v migrate >"$place/out" 2>&1 || { bad "the database does not start" "$place/out"; return 1; }
	sql -c 'create sequence if not exists drawn' 2>/dev/null
	token=$(v --quiet token add push --scope events,events:broker,feedback --consumer push --secret-file "$place/secrets/$1-feedback")
	: >"$scene/committed"
}
serve_begin() {
	start "$scene/serve" "$build/vorpost" --config "$conf" serve
	serve=$last
	await 240 has_line "$scene/serve" 'api listens' || { bad "serve does not start" "$scene/serve"; return 1; }
}
write_events() { # WRITERS EVENTS PAUSE_MS UNTIL: in the background, its id in writer
	start "$scene/writer" "$build/tests/events_fault/events_writer" "$(conninfo "$state")" "$broker" "$state" "$1" "$2" \
		"$customers" "$3" "$seed" "$scene/committed" "$4"
	writer=$last
}
reader_begin() { # KIND: its id in last
	start "$scene/$1.out" node "$here/reader.mjs" "$1" "$base" "$token" "$scene/$1" "$scene/until"
}
outbox() { sql -F, -v b="$broker" <<<"select position, id, aggregateid, type, customersequence, payload->>'writer', payload->>'no', payload->>'drawn'
	from event where broker = :'b' order by position"; }
numbered_all() { [ "$(sql -v b="$broker" <<<"select count(*) from event where broker = :'b' and position is null" 2>/dev/null)" = 0 ]; }
head_position() { sql -v b="$broker" <<<"select coalesce(max(position), 0) from event where broker = :'b'"; }

# The readers are told where the end is, and end there.
readers_finish() { # ID...
	local pid
	await "$patience" numbered_all && good || bad "$broker: events without a position" "$scene/serve"
	head_position >"$scene/until.new" && mv "$scene/until.new" "$scene/until"
	for pid in "$@"; do
		await "$patience" gone "$pid" && good || bad "$broker: a reader does not get to the end" "$scene"/*.out
	done
}
judge_events() { # NAME SINK...
	local name=$1
	shift
	outbox >"$scene/outbox"
	node "$here/judge.mjs" "$scene/outbox" "$scene/committed" "$@" >"$place/verdict" 2>&1
	same "$name" "$?" 0 || sed 's/^/    | /' "$place/verdict"
	sed 's/^/  /' "$place/verdict"
}

# ---- fault ----

endpoint_begin() { # NAME PORT TYPES
	v endpoint add "$1" "http://127.0.0.1:$2/events" --secret-file "$scene/secret" --types "$3" --allow-private \
		--retry 1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1 --quiet || bad "endpoint add $1"
}
receiver_again() { # moody|sullen|curt: starts it, its id in receivers[NAME]
	case $1 in
	curt) start "$scene/$1.out" "$build/vorpost-webhook" --log "$scene/$1" --secret-file "$scene/secret" --port "${ports[$1]}" --fail 7 --drop 17 ;;
	*) start "$scene/$1.out" node "$here/receiver.mjs" "${ports[$1]}" "$scene/secret" "$scene/$1" ;;
	esac
	receivers[$1]=$last
}
role_pid() { sed -nE "s/.*role started.* role=$1 pid=([0-9]+).*/\1/p" "$scene/serve" | tail -1; }
# The victim must live, or the kill does not count and is tried again: after a kill of PostgreSQL a role may be away for a while.
kill_now() { # PID
	[ -n "$1" ] && kill -9 "$1" 2>/dev/null
}
kill_receiver() {
	local names=(moody sullen curt) name
	name=${names[$((RANDOM % 3))]}
	kill_now "${receivers[$name]}" || return 1
	wait "${receivers[$name]}" 2>/dev/null
	pause 0
	receiver_again "$name"
}
kill_consumer() {
	kill_now "$group" || return 1
	wait "$group" 2>/dev/null
	reader_begin group
	group=$last
}
kill_one() { # events|api|receiver|consumer|database
	case $1 in
	events|api) kill_now "$(role_pid "$1")" ;;
	receiver) kill_receiver ;;
	consumer) kill_consumer ;;
	database) kill_now "$(head -1 "$state/postgres/postmaster.pid")" && await 240 sql -c 'select 1' >/dev/null 2>&1 ;;
	esac
}
# Each kind in turn, in another order each time, while the writers write.
kills_all() {
	local round kind n
	for round in $(seq "$kills"); do
		for kind in $(printf '%s\n' events api receiver consumer database | while read -r n; do echo "$RANDOM $n"; done | sort -n | cut -d' ' -f2); do
			pause $((kills > 2 ? 2000 : 500))
			await 240 kill_one "$kind" 2>/dev/null && killed[$kind]=$((${killed[$kind]:-0} + 1))
			[ "$kind" != database ] || sleep 1
		done
	done
}
delivered_all() {
	[ "$(sql -v b="$broker" <<<"select count(*) from endpoint e where broker = :'b' and position < (select max(position) from event where broker = :'b')" 2>/dev/null)" = 0 ] &&
		[ "$(sql -v b="$broker" <<<"select count(*) from lane_block where broker = :'b'" 2>/dev/null)" = 0 ]
}

test_fault() {
	declare -A receivers ports killed
	local name kind feed stream
	scene_begin fault || return
	secret_make "$scene/secret"
	for name in moody sullen curt; do ports[$name]=$(port_free); receiver_again "$name"; done
	endpoint_begin moody "${ports[moody]}" all
	endpoint_begin sullen "${ports[sullen]}" customer
	endpoint_begin curt "${ports[curt]}" all
	serve_begin || return
	reader_begin feed; feed=$last
	reader_begin stream; stream=$last
	reader_begin group; group=$last
	write_events 8 "$events_of_fault" 20 "$scene/enough"
	kills_all
	: >"$scene/enough"
	await "$patience" gone "$writer" && good || bad "the writers do not end" "$scene/writer"
	for kind in events api receiver consumer database; do
		[ "${killed[$kind]:-0}" -ge "$kills" ] && good || bad "only ${killed[$kind]:-0} kills of $kind"
	done
	readers_finish "$feed" "$stream" "$group"
	await "$patience" delivered_all && good || bad "not everything is delivered" "$scene/serve"
	same "nothing was parked" "$(sql -v b="$broker" <<<"select count(*) from dead_letter where broker = :'b'")" 0
	kill -TERM "$serve"
	wait "$serve"
	same "serve drains with exit 0" "$?" 0
	stop "${receivers[@]}"
	say "fault: kill -9 of events role ${killed[events]:-0}, api role ${killed[api]:-0}, receivers ${killed[receiver]:-0}, consumer ${killed[consumer]:-0}, PostgreSQL ${killed[database]:-0}"
	judge_events "0 lost, 0 out of order, 0 strange" "moody:customer:all:$scene/moody" "sullen:customer:customer:$scene/sullen" \
		"curt:customer:all:$scene/curt" "feed:all:all:$scene/feed" "stream:all:all:$scene/stream" "group:all:customer:$scene/group"
}

# ---- cursor ----

test_cursor() {
	local readers=()
	scene_begin cursor || return
	serve_begin || return
	reader_begin feed; readers+=("$last")
	start "$scene/statement.out" "$build/tests/events_fault/events_reader" "$(conninfo "$state")" "$broker" "$scene/statement" "$scene/until"
	readers+=("$last")
	: >"$scene/enough"
	write_events 16 "$events_of_cursor" 40 "$scene/enough"
	await "$patience" gone "$writer" && good || bad "the writers do not end" "$scene/writer"
	readers_finish "${readers[@]}"
	stop "$serve"
	say "cursor: 16 writers"
	judge_events "0 skipped, positions without a gap" "feed:all:all:$scene/feed" "statement:all:all:$scene/statement"
	[ "$(sed -nE 's/.*events, ([0-9]+) became visible.*/\1/p' "$place/verdict")" -gt 0 ] && good ||
		bad "no transaction committed late: the scene shows nothing" "$place/verdict"
}

mkdir "$place/planted"
node "$here/judge_test.mjs" "$place/planted" >"$place/out" 2>&1
same "the judge notices planted violations" "$?" 0 || sed 's/^/    | /' "$place/out"
passed=$((passed + $(grep -c '^noticed' "$place/out")))
[ "$only" = cursor ] || test_fault
[ "$only" = fault ] || test_cursor
close_count
