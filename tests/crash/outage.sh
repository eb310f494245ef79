#!/bin/bash
# What fails around the work: the disk fills up, PostgreSQL is killed, connections break off, the clock jumps.
# usage: outage.sh [--long] [--shard I/N] [--seed N] [--only disk|database|cut|clock]
#
#   short  a few of each                                                                         (part of ./run test)
#   long   disk full at 100 byte positions, PostgreSQL killed 100 times (every second time while a COMMIT waits), connections
#          cut in the middle of the body 25 times, the clock set forward and back 40 times in the middle of a round
#
# After each: nothing is lost, twice or acknowledged before it is durable, and the next round does the rest by itself.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../lib.sh"
source "$here/scene.sh"

long=no only="" seed=$((RANDOM * 32768 + RANDOM))
shipments_of_shelf=12
while [ $# -gt 0 ]; do
	case $1 in
	--long) long=yes healer=$plain ;;
	--seed) seed=${2:?} && shift ;;
	--only) only=${2:?} && shift ;;
	--shard) shard_set "${2:?}" && shift ;;
	*) echo "usage: outage.sh [--long] [--shard I/N] [--seed N] [--only disk|database|cut|clock]" >&2; exit 64 ;;
	esac
	shift
done
RANDOM=$((seed % 32768))
say "seed $seed"
times() { [ $long = yes ] && echo "$2" || echo "$1"; } # SHORT LONG
progress() { [ $(($2 % 25)) -ne 0 ] || say "$1: $2, $failed failed"; } # WHAT HOW_MANY

command=(poll --once --workers 2 --quiet)
settled() { # NAME: endpoints that waited need not wait longer
	due_now
	recover "$1"
}

# ---- the disk ----

disk_full() { # BYTE
	local name="disk full at byte $1" code
	run_begin || return
	faulted "$build" "space $1"
	code=$?
	[ "$(failures_made)" -ge 1 ] && good || bad "$name: not reached" "$run/out"
	ended_well "$name" "$code" && same "$name: told by the exit code" "$code" 75
	nothing_left "$name"
	judge_run "$name: right after" --midway && settled "$name"
	run_end
}

part_disk() {
	local written i count
	run_begin || return
	faulted "$build" count
	ended_well "a round whose bytes are counted" $?
	written=$(calls_counted | tail -1)
	run_end
	count=$(times 5 100)
	for i in $(seq "$count"); do
		draw $((written / count))
		ours "$i" || continue
		disk_full $(((i - 1) * (written / count) + drawn - 1))
		progress "disk full ($written bytes)" "$i"
	done
}

# ---- PostgreSQL ----

postmaster() { head -1 "$state/postgres/postmaster.pid"; }

# A standby that is not there: every COMMIT is on the disk, and is not answered.
commits_wait() { # yes|no
	sed -i '/^synchronous_standby_names/d' "$state/postgres/postgresql.auto.conf"
	[ "$1" = no ] || echo "synchronous_standby_names = 'nobody'" >>"$state/postgres/postgresql.auto.conf"
}
commit_waiting() { [ "$(sql <<<"select count(*) from pg_stat_activity where wait_event = 'SyncRep'" 2>/dev/null)" -ge 1 ] 2>/dev/null || gone "$worker"; }

database_killed() { # NUMBER COMMIT(yes|no) MOST_MS: sets killed
	local name="PostgreSQL killed ($1, in a commit: $2)" server
	killed=no
	run_begin || return
	"$build/vorpost" --config "$conf" "${command[@]}" >"$run/out" 2>&1 </dev/null &
	worker=$!
	draw "$3"
	sleep "$(printf '%d.%03d' $((drawn / 1000)) $((drawn % 1000)))"
	server=$(postmaster)
	if [ "$2" = yes ]; then
		commits_wait yes
		kill -HUP "$server"
		await 240 commit_waiting || bad "$name: no commit waits" "$run/out"
		commits_wait no
	fi
	gone "$worker" || { kill -9 "$server" && killed=yes; }
	[ $killed = yes ] || kill -HUP "$server" # it was too quick for us
	wait "$worker"
	ended_well "$name" $?
	v stats >/dev/null 2>&1 # whoever comes next starts it again
	judge_run "$name: right after" --midway && settled "$name"
	run_end
}

part_database() {
	local from to bound took=0 tries=0 wanted in_commit=yes
	wanted=$((($(times 2 100) + shards - 1 - shard) / shards))
	run_begin || return
	from=$(date +%s%3N)
	round
	to=$(date +%s%3N)
	run_end
	bound=$((to - from > 9999 ? 9999 : to - from))
	while [ $took -lt "$wanted" ] && [ $tries -lt $((wanted * 4 + 8)) ]; do
		tries=$((tries + 1))
		database_killed $tries $in_commit $bound
		if [ $killed = no ]; then # too late: the round that was measured may have been a slow one
			[ $bound -lt 300 ] || bound=$((bound * 2 / 3))
			continue
		fi
		took=$((took + 1)) bound=$((to - from > 9999 ? 9999 : to - from))
		[ $in_commit = yes ] && in_commit=no || in_commit=yes
		progress "PostgreSQL killed" $took
	done
	same "kills of PostgreSQL that hit" $took "$wanted"
}

# ---- the wire ----

# Every so many answers stop in the middle of the document. An answer that breaks off is fetched again, round after round; one
# that does so five times is quarantined, so the insurer mends itself before.
part_cut() {
	local i every name
	for i in $(seq "$(times 2 25)"); do
		ours "$i" || continue
		every=$((1 + i % 3))
		name="every ${every}th answer is cut ($i)"
		run_begin --misbehave "*:cut_body_every=$every" || return
		round
		round
		[ "$(grep -c '"outcome":"cut' "$run/log")" -ge 1 ] && good || bad "$name: nothing was cut" "$run/log"
		judge_run "$name: right after" --midway
		sandbox_again
		settled "$name"
		run_end
		progress "connections cut" "$i"
	done
}

# ---- the clock ----

# The shim adds what stands in the shared file to the wall clock.
clock_set() { perl -e 'open F, "+<", $ARGV[0] or die; seek F, 136, 0; print F pack "q<", $ARGV[1]' "$run/nth" "$1"; }

# Ids bear the time at which they were made: how many of the run bear one from behind the jump.
ids_jumped() { # SECONDS
	sql -v b="$broker" -v by="$1" <<-'SQL'
		select count(*) from (
			select document_id as id from document where broker = :'b' union all select id from event where broker = :'b') made,
			cast('x' || left(replace(id::text, '-', ''), 12) as bit(48)) stamp
		where abs(stamp::bigint / 1000 - extract(epoch from now()) - :by) < 1800
	SQL
}

jumps=0 jumps_in_ids=0
clock_jumps() { # SECONDS NUMBER [TRIES]
	local name="the clock jumps by $1 s ($2)" round code ids
	run_begin || return
	shared_make
	faulted "$build" "malloc 0" &
	round=$!
	draw $((600 / ${3:-1}))
	sleep "$(printf '0.%03d' "$drawn")"
	clock_set "$1" || bad "$name: the clock was not set"
	wait "$round"
	code=$?
	if [ "$(clock_readings)" -eq 0 ] && [ "${3:-1}" -lt 5 ]; then # it was over
		run_end
		clock_jumps "$1" "$2" $((${3:-1} + 1))
		return
	fi
	[ "$(clock_readings)" -ge 1 ] && good || bad "$name: nobody looked at the clock after it" "$run/out"
	ids=$(ids_jumped "$1")
	jumps=$((jumps + 1)) jumps_in_ids=$((jumps_in_ids + (ids > 0)))
	ended_well "$name" "$code"
	nothing_left "$name"
	judge_run "$name: right after" --midway && settled "$name"
	run_end
}

part_clock() {
	local i by judge_also=(--jumped)
	for i in $(seq "$(times 1 10)"); do
		ours "$i" || continue
		for by in 7200 -7200 2592000 -1700000000; do clock_jumps $by "$i"; done
		[ $long = no ] || progress "jumps of the clock" $((i * 4))
	done
	[ $jumps -gt 0 ] || return
	say "the clock jumped $jumps times, in $jumps_in_ids rounds ids were made by it"
	[ $jumps_in_ids -ge 1 ] && good || bad "the clock jumps: no id bears the time of it"
}

# ---- the campaign ----

template_make outage || close_count
before=$(bystander)
for part in disk database cut clock; do
	[ -z "$only" ] || [ "$only" = $part ] || continue
	began=$SECONDS before_failed=$failed
	"part_$part"
	say "$part: $((failed - before_failed)) failed ($((SECONDS - began)) s)"
done
same "the rows of another broker are untouched" "$(bystander)" "$before"
office_tell
commits_tell 50
say "$runs runs"
close_count
