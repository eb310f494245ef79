#!/bin/bash
# Kill -9 in the middle of the work, then work on: no document lost, none twice, nothing acknowledged that is not durable.
# usage: crash.sh [--long] [--shard I/N] [--seed N] [--point NAME] [--random N]
#
#   short   every named crash point of base/crash.c once                                        (part of ./run test)
#   long    every point 25 times, at a passage drawn by the seed, then 300 kills at random moments
#   --point only this point, --random only so many kills at random moments, --shard a part of all that
#
# Each run has a broker of its own in one private cluster, a sandbox with a fresh copy of the same shelf, and an empty
# document store. After the kill and after the second round check.mjs judges. Closes with 'N passed, N failed'.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../lib.sh"
source "$here/scene.sh"

repeats=1
shipments_of_shelf=12
random_kills=0
seed=$((RANDOM * 32768 + RANDOM))
only=""
while [ $# -gt 0 ]; do
	case $1 in
	--long) repeats=25 healer=$plain; [ "$only" = none ] || random_kills=300 ;;
	--seed) seed=${2:?} && shift ;;
	--point) only=${2:?} && shift ;;
	--random) only=none random_kills=${2:?} && shift ;;
	--shard) shard_set "${2:?}" && shift ;;
	*) echo "usage: crash.sh [--long] [--shard I/N] [--seed N] [--point NAME] [--random N]" >&2; exit 64 ;;
	esac
	shift
done
case $only in ""|none) ;; *) random_kills=0 ;; esac
RANDOM=$((seed % 32768))
say "seed $seed"

declare -A passages # of a whole round, by point, as far as known

arm() { printf '%s %s\n' "$1" "$2" >"$run/crash"; }

# A point that was not reached kept its file; a process that died took it along.
was_killed() { # NAME CODE
	if [ -e "$run/crash" ]; then bad "$1: the point was not reached (exit $2)" "$run/out"; return 1; fi
	case $2 in
	137|75) good ;;
	*) bad "$1: exit $2 after a kill, expected 137 or 75" "$run/out"; return 1 ;;
	esac
}

# How many events go into one group is a matter of time, and so is how often a round passes their points: one that came by
# less often than is known is killed at a passage that it had.
point_of_round() { # POINT N [TRIES]
	local name="$1 at passage $2" code had
	run_begin || return
	arm "$1" "$2"
	VORPOST_CRASH_FILE=$run/crash round
	code=$?
	if [ -e "$run/crash" ]; then
		had=$(($2 - $(cut -d' ' -f2 "$run/crash")))
		if [ "$had" -ge 1 ] && [ "${3:-1}" -lt 5 ]; then
			run_end
			draw "$had"
			point_of_round "$1" "$drawn" $((${3:-1} + 1))
			return
		fi
	fi
	was_killed "$name" "$code" && judge_run "$name: right after the kill" --midway && recover "$name"
	run_end
}

# A person's decision: half of it must never be there. By the command line, or by the API, whose process comes back by itself.
point_of_assign() { # POINT command|api
	local name="$1 ($2)" document contract code decisions way=$2
	run_begin || return
	round || round || { bad "$name: the round before does not go through" "$run/out"; run_end; return; }
	read -r document contract < <(sql -F ' ' -v b="$broker" <<-'SQL'
		select d.document_id, c.contract_id from document d join contract c using (broker, issuer)
		where d.broker = :'b' and d.state = 'queued' order by d.received_at, d.document_id, c.contract_id limit 1
	SQL
	)
	"clerk_comes_by_$way" || { run_end; return; }
	"clerk_is_interrupted_by_$way" "$1"
	judge_run "$name: right after the kill" --midway
	decisions=$(sql -v b="$broker" <<<"select count(*) from decision where broker = :'b'")
	same "$name: decisions right after the kill" "$decisions" "$([ "$1" = assign.before ] && echo 0 || echo 1)"
	"clerk_tries_again_by_$way" "$1"
	decisions=$(sql -v b="$broker" -v d="$document" -v c="$contract" <<-'SQL'
		select count(*) || ' ' || (select contract_id from document where broker = :'b' and document_id = :'d')
		from decision where broker = :'b' and document_id = :'d' and contract_id = :'c'
	SQL
	)
	same "$name: one decision, and the document is there" "$decisions" "1 $contract"
	"clerk_goes_by_$way"
	recover "$name"
	run_end
}

clerk_comes_by_command() { :; }
clerk_is_interrupted_by_command() { # POINT
	arm "$1" 1
	VORPOST_CRASH_FILE=$run/crash alone v queue assign "$document" "$contract" --confirm "$meant"
	code=$?
	was_killed "$name" "$code"
}
clerk_tries_again_by_command() { # POINT
	[ "$1" != assign.before ] || expect "$name: the person decides again" 0 v queue assign "$document" "$contract" --confirm "$meant"
}
clerk_goes_by_command() { :; }

clerk_comes_by_api() {
	echo 'listen: "127.0.0.1:0"' >>"$conf"
	token=$(v --quiet token add clerk --scope documents,decisions) || { bad "$name: a token"; return 1; }
	VORPOST_CRASH_FILE=$run/crash start "$run/serve" "$build/vorpost" --config "$conf" serve
	serve=$last
	await 240 clerk_is_served || { bad "$name: serve does not listen" "$run/serve"; return 1; }
}
# Wherever it listens now: the address of a process that was killed is another one's.
clerk_is_served() {
	url=$(grep -oE 'address=http://[0-9.:]+' "$run/serve" | tail -1)
	url=${url#address=}
	[ -n "$url" ] && curl -s -o /dev/null "$url/api/v1/me"
}
clerk_posts() { # prints the status; 000: none
	curl -s -o "$run/answer" -w '%{http_code}' -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
		-d "{\"version\": 1, \"contract_id\": \"$contract\", \"confirm\": [\"${meant//,/\",\"}\"]}" "$url/api/v1/documents/$document/assign"
}
clerk_is_interrupted_by_api() { # POINT
	arm "$1" 1
	same "$name: the answer" "$(clerk_posts)" 000
	[ ! -e "$run/crash" ] && good || bad "$name: the point was not reached" "$run/answer"
}
clerk_tries_again_by_api() { # POINT
	await 240 clerk_is_served || bad "$name: the API does not come back" "$run/serve"
	same "$name: the answer to the second try" "$(clerk_posts)" "$([ "$1" = assign.before ] && echo 200 || echo 409)"
}
clerk_goes_by_api() { stop "$serve"; }

# A database of its own, of which the N-th migration is interrupted: afterwards it is as if it had not been.
point_of_migration() { # POINT N
	local name="$1 at migration $2" code there
	runs=$((runs + 1)) run=$place/run
	rm -rf "$run" && mkdir -p "$run"
	database_make "migrated_$runs"
	arm "$1" "$2"
	VORPOST_CRASH_FILE=$run/crash alone "$build/vorpost" --config "$run/migrated_$runs.yaml" migrate
	code=$?
	was_killed "$name" "$code"
	there=$(sql_in "migrated_$runs" <<<"select coalesce(max(version), 0) from schema_version")
	same "$name: migrations that are there" "$there" "$([ "$1" = migrate.before ] && echo $(($2 - 1)) || echo "$2")"
	expect "$name: the next migrate does the rest" 0 "$build/vorpost" --config "$run/migrated_$runs.yaml" migrate
	schema_of "migrated_$runs" >"$run/schema"
	same "$name: the schema" "$(diff "$place/schema" "$run/schema" | head -5)" ""
	as_admin "drop database migrated_$runs"
}
database_make() { # NAME
	as_admin "create database $1 owner vorpost"
	printf 'broker: b\nstate: %s\ndatabase: "%s"\n' "$run" "$(conninfo_of "$1")" >"$run/$1.yaml"
}
as_admin() { psql -qAtX -v ON_ERROR_STOP=1 "$(conninfo_of postgres) user=postgres" -c "$1"; } # STATEMENT
conninfo_of() { conninfo "$state" | sed "s/dbname=vorpost/dbname=$1/"; } # NAME
sql_in() { psql -qAtX -v ON_ERROR_STOP=1 "$(conninfo_of "$1")"; } # NAME
# Without the partitions, which bear dates, and what pg_dump draws at random.
schema_of() { pg_dump -s "$(conninfo_of "$1")" | grep -vE '^\\(un)?restrict|event_2[0-9]{7}'; } # NAME
schema_learn() { # of an uninterrupted way
	run=$place/run
	rm -rf "$run" && mkdir -p "$run"
	database_make migrated
	"$build/vorpost" --config "$run/migrated.yaml" migrate >"$place/out" 2>&1 || bad "migrations without a kill" "$place/out"
	schema_of migrated >"$place/schema"
	says "a schema" "CREATE TABLE public.document " "$place/schema"
	migrations=$(sql_in migrated <<<"select max(version) from schema_version")
}

# Events that an endpoint gets again, or that it refuses for good, while nothing new comes.
point_of_delivery() { # POINT
	local name=$1 code=0
	run_begin || return
	round || round || { bad "$name: the round before does not go through" "$run/out"; run_end; return; }
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
		due_now
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

ours_of() { [ "$repeats" -eq 1 ] || ours "$1"; } # NUMBER: of the repetitions

point() {
	local i
	case $1 in
	park.*|endpoint.put_off|replay.*) for i in $(seq "$repeats"); do ! ours_of "$i" || point_of_delivery "$1"; done; return ;;
	assign.*) for i in $(seq "$repeats"); do ! ours_of "$i" || { point_of_assign "$1" command; point_of_assign "$1" api; }; done; return ;;
	migrate.*)
		[ -e "$place/schema" ] || schema_learn
		for i in $(seq "$repeats"); do
			[ "$i" -eq 1 ] && drawn=$migrations || draw "$migrations" # the last one is followed by nothing
			! ours_of "$i" || point_of_migration "$1" "$drawn"
		done
		return ;;
	esac
	if [ "$repeats" -eq 1 ]; then point_of_round "$1" 1; return; fi
	passages_learn "$1"
	if [ "${passages[$1]:-0}" -eq 0 ]; then bad "$1: a whole round does not pass it"; return; fi
	for i in $(seq "$repeats"); do
		draw "${passages[$1]}"
		! ours_of "$i" || point_of_round "$1" "$drawn"
	done
}

# ---- kills at random moments ----

# A round, what delivers the events of the round before, or the daemon that does both.
work_of() { case $(($1 % 6)) in 2) echo deliver ;; 3) echo serve ;; *) echo poll ;; esac; } # NUMBER
words_of() { # WORK: into words; what goes before is done
	case $1 in
	poll) words=(poll --once --workers 2 --quiet) ;;
	deliver)
		words=(events deliver)
		round_silent || round_silent ;; # the office loses acknowledgements
	serve)
		words=(serve)
		echo 'listen: "127.0.0.1:0"' >>"$conf" ;;
	esac
}

round_silent() { alone timeout -k 5 120 "$plain/vorpost" --config "$conf" poll --once --quiet --no-events; }

# With all that they started: the reading program is a worker's child. Into tree.
tree_of() { # PID...
	local below=("$@")
	tree=()
	while [ ${#below[@]} -gt 0 ]; do
		tree+=("${below[@]}")
		below=($(pgrep -P "$(IFS=,; echo "${below[*]}")"))
	done
}

# A process of ours, a server process of the database, or everybody at once: into ids.
victims_choose() { # PID
	local postmaster
	tree_of "$1"
	postmaster=$(head -1 "$state/postgres/postmaster.pid")
	draw 10
	case $drawn in
	1) ids=("${tree[@]}") ;;
	2) ids=("$postmaster") ;;
	3) ids=($(pgrep -n -P "$postmaster" -f 'vorpost vorpost')); ids=("${ids[@]:-$1}") ;;
	*) draw ${#tree[@]}; ids=("${tree[$((drawn - 1))]}") ;;
	esac
}

# R, S, D, T (stopped), Z (ended, and nobody has looked) or nothing.
state_of() { sed 's/.*) //; s/ .*//' "/proc/$1/stat" 2>/dev/null; } # PID
lives() { case $(state_of "$1") in ''|Z|X) false ;; esac; }         # PID
held() { case $(state_of "$1") in ''|Z|X|T) ;; *) false ;; esac; }  # PID: or it has ended

# A kill that comes after the work ended hits nothing: whoever does it is held, so that it does not end in between. Sets killed.
kill_in_time() { # PID ID...
	local pid=$1 id name
	shift
	kill -STOP "$pid" 2>/dev/null
	await 20 held "$pid" || bad "a process that was stopped goes on"
	if lives "$pid"; then
		for id in "$@"; do
			name=$(cat "/proc/$id/comm" 2>/dev/null)
			lives "$id" && kill -9 "$id" 2>/dev/null || continue
			killed=yes victims[$name]=$((${victims[$name]:-0} + 1))
		done
	fi
	kill -CONT "$pid" 2>/dev/null
}

# The daemon starts again what of it was killed, and goes when it is asked to; a command ends by itself.
served_or_gone() { clerk_is_served || ! lives "$1"; } # PID
work_ends() { # PID WORK
	if [ "$2" = serve ] && lives "$1"; then
		await 240 served_or_gone "$1" || bad "$name: serve does not come back" "$run/serve"
		kill "$1" 2>/dev/null
	fi
	wait "$1" 2>/dev/null
	forget "$1"
}

declare -A most victims # how long a kind of work may take, in ms; killed by name
random_kill() { # NUMBER: sets killed
	local work name words pid ids output
	work=$(work_of "$1") name="random kill $1" killed=no
	run_begin || return
	name="$name ($work)" output=$run/out
	words_of "$work" || bad "$name: what goes before" "$run/out"
	[ "$work" != serve ] || output=$run/serve
	start "$output" "$build/vorpost" --config "$conf" "${words[@]}"
	pid=$last
	draw "${most[$work]}"
	sleep "$(printf '%d.%03d' $((drawn / 1000)) $((drawn % 1000)))"
	victims_choose "$pid"
	kill_in_time "$pid" "${ids[@]}"
	v stats >/dev/null 2>&1 # a database that was killed is started again by whoever comes
	work_ends "$pid" "$work"
	judge_run "$name (${ids[*]}): right after the kill" --midway && recover "$name"
	run_end
	if [ $killed = yes ]; then hits[$work]=$((${hits[$work]:-0} + 1))
	elif [ "${most[$work]}" -ge 300 ]; then most[$work]=$((${most[$work]} * 2 / 3)); fi # what was measured may have been a slow one
}

work_measure() { # WORK: into most
	local words from to
	run_begin || return
	words_of "$1"
	from=$(date +%s%3N)
	alone timeout -k 5 120 "$build/vorpost" --config "$conf" "${words[@]}"
	to=$(date +%s%3N)
	most[$1]=$((to - from > 9999 ? 9999 : to - from))
	run_end
}

random_kills_all() {
	local took=0 tries=0 work
	declare -A hits
	work_measure poll
	work_measure deliver
	most[serve]=${most[poll]} # it does what a round does, and does not end
	while [ "$took" -lt "$random_kills" ] && [ "$tries" -lt $((random_kills * 2 + 8)) ]; do
		tries=$((tries + 1))
		random_kill "$tries"
		[ "$killed" = no ] || took=$((took + 1))
		[ $((tries % 25)) -ne 0 ] || say "random kills: $took of $random_kills, $failed failed"
	done
	same "random kills that hit" "$took" "$random_kills"
	random_kills_tell "$took"
}
random_kills_tell() { # HOW_MANY
	local what line=""
	for what in "${!hits[@]}"; do line="$line, $what ${hits[$what]}"; done
	for what in "${!victims[@]}"; do line="$line, ${victims[$what]} of $what"; done
	say "random kills: $1 in time${line}"
	[ "$1" -ge 50 ] || return 0 # fewer may leave one out by chance
	for what in poll deliver serve; do [ "${hits[$what]:-0}" -ge 1 ] && good || bad "no random kill came while $what worked"; done
	for what in vorpost vorpost-reader postgres; do [ "${victims[$what]:-0}" -ge 1 ] && good || bad "no random kill took $what"; done
}

# ---- the campaign ----

POINTS_LEAST=44 # a list that is not understood must not pass for a short one
points() { sed -n '/crash_point_names\[\]/,/^};/p' "$root/base/crash.c" | grep -oE '"[^"]*"' | tr -d '"'; }
points_judge() { # HOW_MANY
	case $only in
	none) ;;
	"") [ "$1" -ge $POINTS_LEAST ] && good || bad "$1 crash points are found in base/crash.c, there must be $POINTS_LEAST" ;;
	*) same "crash points named $only" "$1" 1 ;;
	esac
}

# Without a kill everything is in order, and the judge finds every violation that is planted into it.
judge_the_judge() {
	run_begin || return
	round || round || bad "a round without a kill" "$run/out"
	judge_run "a round without a kill" && say "a round without a kill: $(cat "$place/verdict")"
	node "$root/tests/crash/check_test.mjs" --db "$(conninfo "$state")" --documents "$state/documents" --broker "$broker" \
		--sandbox "$run/shelf" --log "$run/log" --received "$place/received" --truth "$shelf/truth.csv" --apart --dated \
		--canaries "$place/canaries" --outside "$(outside)" >"$place/planted" 2>&1
	same "the judge notices planted violations" "$?" 0
	passed=$((passed + $(grep -c '^noticed' "$place/planted")))
	says_not "the judge notices planted violations" '^MISSED|Error' "$place/planted"
	judge_the_judge_here
	run_end
}

# Planted where they would be: in rows and files.
judge_the_judge_here() {
	local bytes town by
	bytes=$(sed -n 's/^store //p' "$place/canaries") town=$(sed -n 's/^rows //p' "$place/canaries")
	grep -rqF "$bytes" "$state/documents" && good || bad "the store has what is looked for elsewhere"
	sql -v b="$broker" -v t="$bytes" <<<"update shipment set facts = jsonb_build_object('planted', :'t') where broker = :'b'"
	spilled_is_noticed "bytes of a document in a row" "a row of shipment"
	sql -v b="$broker" -v t="$town" <<<"update shipment set facts = jsonb_build_object('planted', :'t') where broker = :'b'"
	judge_run "a town in a row"
	echo "$town" >"$state/spool/planted"
	spilled_is_noticed "a town that was left behind" spool/planted
	rm "$state/spool/planted"
	for by in serve answer; do
		echo "$town" >"$run/$by"
		spilled_is_noticed "a town in what is said by $by" "run/$by"
		rm "$run/$by"
	done
}
spilled_is_noticed() { # WHAT WHERE
	local failed_before=$failed
	judge_run "planted" >/dev/null
	failed=$failed_before
	says "the judge notices $1" "^spilled: .* in .*$2" "$place/verdict"
}

# A document that is written in more than one piece.
large_add() {
	local file
	file=$(find "$shelf/lindenhof/documents" -name '*.pdf' | sort | head -1)
	yes "$(tail -1 "$file")" | head -c 200000 >>"$file"
}

template_make crash && large_add || close_count
before=$(bystander)
judge_the_judge
number=0
for name in $(points); do
	[ -z "$only" ] || [ "$only" = "$name" ] || continue
	number=$((number + 1))
	[ "$repeats" -gt 1 ] || ours "$number" || continue
	point "$name"
	[ "$repeats" -eq 1 ] || say "$name: $repeats times${shard_named:-} (of ${passages[$name]:-1} passages), $failed failed ($SECONDS s)"
done
points_judge "$number"
random_kills=$(((random_kills + shards - 1 - shard) / shards))
[ "$random_kills" -eq 0 ] || random_kills_all
same "the rows of another broker are untouched" "$(bystander)" "$before"
office_tell
commits_tell 50
say "$runs runs"
close_count
