#!/bin/bash
# Kill -9 in the middle of the work, then work on: no document lost, none twice, nothing acknowledged that is not durable.
# usage: crash.sh [--long] [--seed N] [--point NAME] [--random N]
#
#   short   every named crash point of base/crash.c once                                        (part of ./run test)
#   long    every point 25 times, at a passage drawn by the seed, then 300 kills at random moments
#   --point only this point, --random only so many kills at random moments
#
# Each run has a broker of its own in one private cluster, a sandbox with a fresh copy of the same shelf, and an empty
# document store. After the kill and after the second round check.mjs judges. Closes with 'N passed, N failed'.
set -u
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

repeats=1
random_kills=0
seed=$((RANDOM * 32768 + RANDOM))
only=""
while [ $# -gt 0 ]; do
	case $1 in
	--long) repeats=25; [ "$only" = none ] || random_kills=300 ;;
	--seed) seed=${2:?} && shift ;;
	--point) only=${2:?} && shift ;;
	--random) only=none random_kills=${2:?} && shift ;;
	*) echo "usage: crash.sh [--long] [--seed N] [--point NAME] [--random N]" >&2; exit 64 ;;
	esac
	shift
done
RANDOM=$((seed % 32768))
say "seed $seed"

command -v node >/dev/null || { say "node is missing"; say "0 passed, 1 failed"; exit 1; }
place_make crash
state=$place/state
shelf=$place/shelf
conf=$place/template.yaml
declare -A passages # of a whole round, by point, as far as known
runs=0

draw() { echo $((1 + (RANDOM * 32768 + RANDOM) % $1)); } # FROM 1 TO $1

# ---- the scene that all runs share ----

template_make() {
	config "$conf" template "$state"
	mkdir -p "$shelf"
	stock_make "$place/stock.gdv" 60 7 && v init >"$place/out" 2>&1 || { bad "vorpost init" "$place/out"; return 1; }
	echo "track_commit_timestamp = on" >>"$state/postgres/postgresql.auto.conf" # the judge asks when a row was committed
	cluster_keep "$state"
	v contracts import "$place/stock.gdv" --quiet >"$place/out" 2>&1 &&
		shipments_make "$shelf" "$place/stock.gdv" 32 7 || { bad "a stock and shipments" "$place/out"; return 1; }
	unreadable_add
	sandbox_start "$shelf" /dev/null || return 1 # makes the certificate that all copies share
	for insurer in $insurers_of_sandbox; do connection_add "$insurer" "$insurer" "$base" "$shelf/tls/ca.pem" || return 1; done
	stop "$sandbox"
	secret_make "$place/secrets/push"
	receiver_start "$place/received" "$place/secrets/push" || return 1
	v endpoint add push "$receiver_url" --secret-file "$place/secrets/push" --types all --allow-private --quiet &&
		receiver_start "$place/refused" "$place/secrets/push" --fail 1 || return 1
	refusing_url=$receiver_url
}

# Two insurers each have a shipment that nobody can read: a character that XML does not know.
unreadable_add() {
	for insurer in kranich muehlrad; do
		head -1 "$shelf/$insurer/shipments.jsonl" | sed -E 's/"id":"[^"]*"/"id":"UNLESBAR-1"/; s/"business_case"/"text":"\\u0001","business_case"/' \
			>>"$shelf/$insurer/shipments.jsonl"
	done
}

# ---- one run ----

# The rows of the template under another name: quicker than commands, and nothing of another run is in the way.
broker_copy() {
	sql -v b="$broker" -v base="$base" >"$place/out" 2>&1 <<-'SQL'
		insert into broker (broker) values (:'b');
		insert into connection (broker, connection, issuer, sts_url, transfer_url, username, secret_file, ca_file, consumer_id)
		select :'b', connection, issuer, :'base' || '/' || issuer || '/sts', :'base' || '/' || issuer || '/transfer', username,
		       secret_file, ca_file, consumer_id from connection where broker = 'template';
		create temp table c as select * from contract where broker = 'template';
		update c set broker = :'b';
		insert into contract select * from c;
		insert into contract_name select :'b', issuer, key, contract_id, origin, spelling, created_at, created_by
		from contract_name where broker = 'template';
		insert into endpoint (broker, endpoint, url, secret_file, types, allow_private)
		select :'b', endpoint, url, secret_file, types, allow_private from endpoint where broker = 'template';
	SQL
}

run_begin() {
	runs=$((runs + 1))
	broker=run-$runs
	run=$place/run
	rm -rf "$run" "$state/documents"
	mkdir "$run" && cp -r "$shelf" "$run/shelf" && : >"$run/log"
	sandbox_start "$run/shelf" "$run/log" --misbehave '*:throttle_every=0' --misbehave '*:nok_every=0' "$@" || return 1
	broker_copy || { bad "the scene of $broker" "$place/out"; return 1; }
	conf=$run/vorpost.yaml
	config "$conf" "$broker" "$state"
}
run_end() { stop "$sandbox"; }

# In a shell of its own, whose word about a killed child goes where the output goes.
alone() { ( "$@"; exit $? ) >"$run/out" 2>&1 </dev/null; }
round() { alone timeout -k 5 120 "$build/vorpost" --config "$conf" poll --once --workers 2 --quiet; }

judge_run() { # NAME OPTION...
	local name=$1
	shift
	judge "$name" "$broker" "$run/shelf" "$run/log" --received "$place/received" --truth "$shelf/truth.csv" "$@"
}

# Twice at most: a connection whose worker was killed in the second round's way could still be leased in the first.
recover() { # NAME
	round || round || { bad "$1: the second round does not go through" "$run/out"; return 1; }
	judge_run "$1: after the second round"
}

arm() { printf '%s %s\n' "$1" "$2" >"$run/crash"; }

# A point that was not reached kept its file; a process that died took it along.
was_killed() { # NAME CODE
	if [ -e "$run/crash" ]; then bad "$1: the point was not reached (exit $2)" "$run/out"; return 1; fi
	case $2 in
	137|75) good ;;
	*) bad "$1: exit $2 after a kill, expected 137 or 75" "$run/out"; return 1 ;;
	esac
}

point_of_round() { # POINT N
	local name="$1 at passage $2" code
	run_begin || return
	arm "$1" "$2"
	VORPOST_CRASH_FILE=$run/crash round
	code=$?
	was_killed "$name" "$code" && judge_run "$name: right after the kill" --midway && recover "$name"
	run_end
}

# A person's decision: half of it must never be there.
point_of_assign() { # POINT
	local name=$1 document contract code decisions
	run_begin || return
	round || { bad "$name: the round before does not go through" "$run/out"; run_end; return; }
	read -r document contract < <(sql -F ' ' -v b="$broker" <<-'SQL'
		select d.document_id, c.contract_id from document d join contract c using (broker, issuer)
		where d.broker = :'b' and d.state = 'queued' order by d.received_at, d.document_id, c.contract_id limit 1
	SQL
	)
	arm "$1" 1
	VORPOST_CRASH_FILE=$run/crash alone v queue assign "$document" "$contract"
	code=$?
	was_killed "$name" "$code" && judge_run "$name: right after the kill" --midway
	decisions=$(sql -v b="$broker" <<<"select count(*) from decision where broker = :'b'")
	if [ "$1" = assign.before ]; then
		same "$name: no trace of the decision" "$decisions" 0
		expect "$name: the person decides again" 0 v queue assign "$document" "$contract"
	fi
	decisions=$(sql -v b="$broker" -v d="$document" -v c="$contract" <<-'SQL'
		select count(*) || ' ' || (select contract_id from document where broker = :'b' and document_id = :'d')
		from decision where broker = :'b' and document_id = :'d' and contract_id = :'c'
	SQL
	)
	same "$name: one decision, and the document is there" "$decisions" "1 $contract"
	recover "$name"
	run_end
}

# Events that an endpoint gets again, or that it refuses for good, while nothing new comes.
point_of_delivery() { # POINT
	local name=$1 code=0
	run_begin || return
	round || { bad "$name: the round before does not go through" "$run/out"; run_end; return; }
	case $name in
	replay.*) expect "$name: a replay" 0 v events replay --endpoint push --from 1 --types all ;;
	*) sql -v b="$broker" -v url="$refusing_url" <<-'SQL'
		insert into endpoint (broker, endpoint, url, secret_file, types, allow_private, retry_s)
		select broker, 'refuses', :'url', secret_file, types, true, '{0}' from endpoint where broker = :'b'
	SQL
	;;
	esac
	arm "$name" 1
	for _ in 1 2 3 4 5 6; do
		VORPOST_CRASH_FILE=$run/crash alone v events deliver
		code=$?
		[ -e "$run/crash" ] || break
		sql -v b="$broker" <<<"update endpoint set next_attempt_at = now() where broker = :'b'"
	done
	was_killed "$name" "$code" && judge_run "$name: right after the kill"
	sql -v b="$broker" <<<"delete from endpoint where broker = :'b' and endpoint = 'refuses'"
	recover "$name"
	same "$name: no replay is left" "$(sql -v b="$broker" <<<"select count(*) from replay_job where broker = :'b' and done_at is null")" 0
	run_end
}

passages_learn() { # POINT: how often a whole round passes it
	run_begin || return
	arm "$1" 1000000
	VORPOST_CRASH_FILE=$run/crash round
	passages[$1]=$((1000000 - $(cut -d' ' -f2 "$run/crash")))
	run_end
}

point() {
	case $1 in
	park.*|endpoint.put_off|replay.*) for _ in $(seq "$repeats"); do point_of_delivery "$1"; done; return ;;
	assign.*) for _ in $(seq "$repeats"); do point_of_assign "$1"; done; return ;;
	esac
	if [ "$repeats" -eq 1 ]; then point_of_round "$1" 1; return; fi
	passages_learn "$1"
	if [ "${passages[$1]:-0}" -eq 0 ]; then bad "$1: a whole round does not pass it"; return; fi
	for _ in $(seq "$repeats"); do point_of_round "$1" "$(draw "${passages[$1]}")"; done
}

# ---- kills at random moments ----

# A process of the round, a server process of the database, or everybody at once.
victims() { # PID
	local all chosen postmaster
	all=("$1" $(pgrep -P "$1"))
	postmaster=$(head -1 "$state/postgres/postmaster.pid")
	case $(draw 10) in
	1) echo "${all[@]}" ;;
	2) echo "$postmaster" ;;
	3) chosen=$(pgrep -P "$postmaster" -f 'vorpost vorpost' | head -1); echo "${chosen:-$1}" ;;
	*) echo "${all[$(($(draw ${#all[@]}) - 1))]}" ;;
	esac
}

random_kill() { # NUMBER MOST_MS: sets killed
	local name="random kill $1" pid ids
	killed=no
	run_begin || return
	"$build/vorpost" --config "$conf" poll --once --workers 2 --quiet >"$run/out" 2>&1 </dev/null &
	pid=$!
	sleep "$(printf '0.%03d' "$(draw "$2")")"
	read -ra ids < <(victims "$pid")
	kill -9 "${ids[@]}" 2>/dev/null && killed=yes
	v stats >/dev/null 2>&1 # a database that was killed is started again by whoever comes
	wait "$pid" 2>/dev/null
	judge_run "$name (${ids[*]}): right after the kill" --midway && recover "$name"
	run_end
}

random_kills_all() {
	local took=0 tries=0 from to
	run_begin || return
	from=$(date +%s%3N)
	round
	to=$(date +%s%3N)
	run_end
	while [ "$took" -lt "$random_kills" ] && [ "$tries" -lt $((random_kills * 2)) ]; do
		tries=$((tries + 1))
		random_kill "$tries" "$((to - from > 999 ? 999 : to - from))"
		[ "$killed" = no ] || took=$((took + 1))
		[ $((tries % 25)) -ne 0 ] || say "random kills: $took of $random_kills, $failed failed"
	done
	same "random kills that hit" "$took" "$random_kills"
}

# ---- the campaign ----

points() { sed -n '/crash_point_names\[\]/,/NULL/s/^[[:space:]]*"\([a-z_.]*\)",$/\1/p' "$root/base/crash.c"; }

# Without a kill everything is in order, and the judge finds every violation that is planted into it.
judge_the_judge() {
	run_begin || return
	round || bad "a round without a kill" "$run/out"
	judge_run "a round without a kill" && say "a round without a kill: $(cat "$place/verdict")"
	node "$root/tests/crash/check_test.mjs" --db "$(conninfo "$state")" --documents "$state/documents" --broker "$broker" \
		--sandbox "$run/shelf" --log "$run/log" --received "$place/received" --truth "$shelf/truth.csv" >"$place/planted" 2>&1
	same "the judge notices planted violations" "$?" 0
	passed=$((passed + $(grep -c '^noticed' "$place/planted")))
	says_not "the judge notices planted violations" '^MISSED|Error' "$place/planted"
	run_end
}

bystander() { # what nobody may touch
	sql <<<"select md5(string_agg(t, ',' order by t)) from (select c::text t from contract c where broker = 'template'
		union all select n::text from contract_name n where broker = 'template'
		union all select x.connection || x.state || x.lease_fence from connection x where broker = 'template'
		union all select e::text from endpoint e where broker = 'template'
		union all select d.document_id::text from document d where broker = 'template') all_rows"
}

template_make || close_count
before=$(bystander)
judge_the_judge
for name in $(points); do
	[ -z "$only" ] || [ "$only" = "$name" ] || continue
	point "$name"
	[ "$repeats" -eq 1 ] || say "$name: $repeats times (of ${passages[$name]:-1} passages), $failed failed"
done
[ "$random_kills" -eq 0 ] || random_kills_all
same "the rows of another broker are untouched" "$(bystander)" "$before"
say "$runs runs"
close_count
