#!/bin/bash
# End to end, through real parts: insurers over TLS, PostgreSQL, webhook receivers, the dev build of everything.
# usage: e2e.sh [TEST...]      without names: all, in this order. Closes with 'N passed, N failed'.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../lib.sh"
source "$here/way.sh"
source "$here/hostile.sh"
source "$here/daemon.sh"
source "$here/faces.sh"
source "$here/release.sh"
source "$here/canonical.sh"
source "$here/learn.sh"
source "$here/bus.sh"
source "$here/shadow.sh"
source "$here/match.sh"
source "$here/users.sh"
source "$here/schemas.sh"
source "$here/follow.sh"

tests="whole_way redelivered throttled token_expires acknowledgement_lost bodies_cut two_rounds_at_once database_dies
	release hostile_answers hostile_oddities wrong_password silent_insurers large_document assign_teaches
	serve serve_killed poll_killed serve_revives
	exit_codes numbers lists saved_answers real_data learn canonical bus shadow users by_itself several_contracts explained labelled bad_stock
	schemas followed"

# A broker of its own for each scene, all in one private cluster.
scene_begin() { # NAME [FOLDER WITH MORE INSURER FILES]
	broker=$1
	conf=$place/$1.yaml
	config "$conf" "$broker" "$state" "${2:-}"
}

for tool in node openssl psql pgrep flock perl; do
	command -v "$tool" >/dev/null || { say "$tool is missing"; say "0 passed, 1 failed"; exit 1; }
done
place_make e2e
state=$place/state
scene_begin first
v init >"$place/out" 2>&1 || { bad "vorpost init" "$place/out"; close_count; }
# The judge asks when a row was committed. Processes are killed here, not the machine: nothing need wait for the disk.
printf 'track_commit_timestamp = on\nfsync = off\n' >>"$state/postgres/postgresql.auto.conf"
cluster_keep "$state"
v migrate >"$place/out" 2>&1 || { bad "the database does not start" "$place/out"; close_count; }
stock_make "$place/stock.gdv" 400 4711
secret_make "$place/secrets/push"
hostile_start || close_count
: >"$hostile/calls"
mkdir "$place/empty"
config "$place/faces.yaml" faces "$state"

for name in ${*:-$tests}; do
	failed_before=$failed passed_before=$passed began=$SECONDS left_out=no
	"test_$name"
	[ "$passed" -gt "$passed_before" ] || [ "$left_out" = yes ] || bad "$name: nothing was tested"
	[ "$failed" -eq "$failed_before" ] && say "ok: $name ($((SECONDS - began)) s)" || say "not ok: $name"
done
close_count
