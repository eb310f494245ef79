#!/bin/bash
# The n-th call made to fail: memory, write, short write, fsync, rename, connect, send, recv, a statement, its answer.
# usage: nth.sh [--long] [--shard I/N] [--seed N] [--scene NAME] [--kind KIND] [--n N[+]] [--picks N]
#
#   short  each kind --picks times (3), scene and n drawn by the seed; memory in one scene at every place that allocates
#                                                                                              (part of ./run test)
#   long   each kind in each scene at every n, those of files also at four places for good from there on; --shard: a part of it.
#          There are twenty-two scenes; a kind that was not reached in ten of them is a failure (together.sh). Seven of the nine
#          rounds (rounds_alike) differ from the other two by what is listed, read and kept, and what they say to insurers and to the
#          database goes by the same calls: in these a short write, send, recv, a statement and its answer are failed at every place
#          that no scene before has, a place being twelve callers deep. (They had one in three of all faults and 0 to 3 such places
#          each.)
#
# Each run: the scene's own beginning, its command with the one fault, judged; then the same without a fault, judged again. The
# command must end by itself and say why, with no other code than those of docs/operations.md; nothing may be lost, twice, half
# done or acknowledged before it is durable, no file may stay behind and no memory leak. I/O is failed in the build with
# sanitizers, which sees leaks.
#
# Memory is failed in the release, which ends when it gets none (base/memory.h). That it does nothing else is rehearsed at
# every single allocation of a scene, by copies of the process (nth.c), in a caged program until it has locked itself in. With
# that a failure at n is an end of the process at n, and what the others make of such an end is seen in runs of their own: at 40
# places a scene in the long form. A locked program makes no copies: it has a run for every place that allocates, told apart by
# its chain of callers.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../lib.sh"
source "$here/scene.sh"

kinds="malloc caged write short fsync rename connect send recv query answer"
scenes="seeufer cut kranich lindenhof muehlrad uncaged again wrong refetch
	import assign undo ignore match deliver replay retry probe endpoint secret rotate inspect"
scenes_all=$scenes
# Rounds whose talk has next to no call that the two before them have not: of it only such calls are failed.
rounds_alike="kranich lindenhof muehlrad uncaged again wrong refetch"
talk="short send recv query answer"
picks=3
long=no seed=$((RANDOM * 32768 + RANDOM)) only_n=""
shipments_of_shelf=8
while [ $# -gt 0 ]; do
	case $1 in
	--long) long=yes ;;
	--seed) seed=${2:?} && shift ;;
	--scene) scenes=${2:?} rounds_alike="" && shift ;;
	--kind) kinds=${2:?} && shift ;;
	--n) only_n=${2:?} && shift ;;
	--picks) picks=${2:?} && shift ;;
	--shard) shard_set "${2:?}" && shift ;;
	*) echo "usage: nth.sh [--long] [--shard I/N] [--seed N] [--scene NAME] [--kind KIND] [--n N[+]] [--picks N]" >&2; exit 64 ;;
	esac
	shift
done
RANDOM=$((seed % 32768))
say "seed $seed"
dev=$build healer=$plain
[ "$plain" != "$build" ] || { say "there is no release build to fail memory in; ./run build makes it"; say "0 passed, 1 failed"; exit 1; }
injected=0 rehearsed=0 missed_last=no
declare -A tried missed # by kind
declare -A struck       # by scene and kind: faults that were reached

# ---- the scenes: what goes before, the command, and what must hold ----

# Whom a scene is about: nobody else is there.
insurer_of() {
	case $1 in
	kranich|uncaged|retry) echo kranich ;;
	lindenhof|refetch) echo lindenhof ;;
	muehlrad|wrong|cut|deliver|replay|inspect) echo muehlrad ;;
	*) echo seeufer ;;
	esac
}

scene_begin() { # SCENE
	insurers_of_run=$(insurer_of "$1")
	case $1 in seeufer|again) office=seeufer ;; *) office= ;; esac # where a round is what is looked at
	run_begin && "scene_$1"
}

# Called with the run begun; sets command. A word of a scene's command is never empty.
poll_of() { command=(poll --once --workers 1 --connection "$1"); }
scene_kranich() { poll_of kranich; }
scene_lindenhof() { poll_of lindenhof; }
scene_muehlrad() { poll_of muehlrad; }
scene_seeufer() { poll_of seeufer; }
scene_uncaged() { echo "cage: off" >>"$conf"; poll_of kranich; }
scene_again() { # documents are here, their acknowledgements are not
	sandbox_again --misbehave '*:lose_acknowledgement_every=1'
	before poll --once --workers 1
	sandbox_again
	poll_of seeufer
}
scene_wrong() { # the second answer is the first once more: quarantine
	sandbox_again --misbehave '*:repeat_answer_every=1'
	poll_of muehlrad
}
scene_cut() { # the second answer breaks off
	sandbox_again --misbehave '*:cut_body_every=2'
	poll_of muehlrad
}
scene_refetch() { # what is in quarantine is to be fetched anew
	sandbox_again --misbehave '*:repeat_answer_every=1'
	before poll --once --workers 1
	sandbox_again
	ask b="$broker" <<<"select shipment_id from shipment where broker = :'b' and state = 'quarantined' limit 1;"
	before delivery retry lindenhof "${said[0]:-nothing is in quarantine}" --fetch || bad "$name: nothing is in quarantine" "$run/before"
	poll_of lindenhof
}
scene_import() { command=(contracts import "$place/more.gdv" --quiet); }
scene_assign() { before poll --once --quiet; queued_one; command=(queue assign "$document" "$contract" --confirm "$meant"); }
scene_ignore() { before poll --once --quiet; queued_one; command=(queue ignore "$document" --reason advertising); }
scene_undo() { scene_assign; before "${command[@]}"; command=(queue undo "$document"); }
scene_match() { before poll --once --quiet; command=(match again); }
scene_deliver() { before poll --once --quiet --no-events; command=(events deliver); }
scene_replay() { before poll --once --quiet; command=(events replay --endpoint push --from 1 --types all); }
scene_retry() { before poll --once --quiet; command=(delivery retry kranich UNLESBAR-1); }
scene_probe() { command=(connection test seeufer); }
scene_endpoint() { command=(endpoint add second "$refusing_url" --secret-file "$place/secrets/push" --types all --allow-private); }
scene_secret() { # which is made
	rm -f "$place"/secrets/second*
	command=(endpoint add second "$refusing_url" --secret-file "$place/secrets/second" --types all --allow-private)
}
scene_rotate() {
	scene_secret
	before "${command[@]}"
	command=(endpoint rotate second)
}
scene_inspect() { before poll --once --quiet; command=(document inspect); }

before() { "$plain/vorpost" --config "$conf" "$@" >"$run/before" 2>&1 </dev/null; }
queued_one() {
	ask b="$broker" <<-'SQL'
		select d.document_id || ' ' || c.contract_id from document d join contract c using (broker, issuer)
		where d.broker = :'b' and d.state = 'queued' order by d.received_at, d.document_id, c.contract_id limit 1;
	SQL
	read -r document contract <<<"${said[*]}"
	[ -n "${contract:-}" ] || bad "$name: nothing waits for a person" "$run/before"
}

# What the database says of the scene's own work, whole or not begun: into said.
told() { # SCENE
	case $1 in
	import) ask b="$broker" <<<"select count(*) from contract where broker = :'b';" ;;
	assign|undo|ignore) ask b="$broker" d="$document" <<<"select state || ' ' || (select count(*) from decision where broker = :'b' and document_id = :'d') from document where broker = :'b' and document_id = :'d';" ;;
	endpoint|secret) ask b="$broker" <<<"select count(*) from endpoint where broker = :'b';" ;;
	rotate) said=("$(grep -cxE 'whsec_[A-Za-z0-9+/]{43}=' "$place/secrets/second") of $(wc -l <"$place/secrets/second")") ;;
	*) said=(-) ;;
	esac
}

# ---- one run ----

build_for() { case $1 in malloc|caged) echo "$plain" ;; *) echo "$dev" ;; esac; }

rounds_heal() { case $1 in kranich|lindenhof|muehlrad|seeufer|uncaged|again|wrong|cut|refetch) ;; *) false ;; esac; } # SCENE
heal() { # SCENE NAME
	due_now
	case $1 in
	cut) sandbox_again ;; # the insurer mends himself
	kranich|lindenhof|muehlrad|seeufer|uncaged|again|wrong|refetch|probe) ;; # a round does it
	endpoint|secret|rotate) ask b="$broker" <<<"delete from endpoint where broker = :'b' and endpoint = 'second';" ;;
	*) alone v "${command[@]}" ;;
	esac
	recover "$2"
}

# Some calls come as often as time has it: how many bytes a socket takes or gives at once, how often somebody who waits looks, how many
# events go together. A run that made fewer of them than the one they were counted in has no n-th; of files there is no such excuse.
# One in so many of a kind, and two: of a few faults two are missed by chance, of which nothing follows. But never all of a kind that
# was tried more than once: one that no fault reaches is not tested.
MISSED_MOST=20

reached() { # SCENE KIND N: sets missed_last
	local made=0 i=0
	tried[$2]=$((${tried[$2]:-0} + 1)) missed_last=no
	if [ "$(failures_made)" -ge 1 ]; then struck[$1,$2]=$((${struck[$1,$2]:-0} + 1)); return; fi
	missed[$2]=$((${missed[$2]:-0} + 1)) missed_last=yes
	for made in $(calls_counted); do
		[ "${all_kinds[$i]}" != "$2" ] || break
		i=$((i + 1))
	done
	if [ "$made" -ge "${3%+}" ]; then bad "$1, $2 $3: $made calls, and none was made to fail" "$run/out"
	elif stays "$2"; then bad "$1, $2 $3: not reached, there were $made" "$run/out"; fi
}
# To a statement whose answer was lost the server had answered; else it was only one more that did not reach it.
lost_truly() { # NAME KIND
	[ "$2" != answer ] || [ $missed_last = yes ] || same "$1: statements that were answered and not heard of" "$(answers_lost)" "$(failures_made)"
}

# In how many scenes a kind of fault must be reached, all parts of the long form together: docs/crash.md says why in so many.
scenes_least() { # KIND
	case $1 in
	malloc|connect) wc -w <<<"$scenes" ;;
	*) echo 10 ;;
	esac
}
struck_tell() {
	local kind scene line
	for kind in $kinds; do
		line="reached $kind $(scenes_least "$kind"):"
		for scene in $scenes; do [ "${struck[$scene,$kind]:-0}" -lt 1 ] || line="$line $scene"; done
		say "$line"
	done
}
struck_judge() { # of a form that has no other parts
	struck_tell >"$place/reached"
	"$here/together.sh" "$place/reached" >"$place/together"
	sed '$d' "$place/together"
	passed=$((passed + $(grep -c '^[a-z]*: faults' "$place/together"))) failed=$((failed + $(grep -c '^FAILED' "$place/together")))
}

missed_tell() {
	local kind all=0 there
	for kind in "${!missed[@]}"; do
		all=$((all + missed[$kind]))
		say "$kind: ${missed[$kind]} of ${tried[$kind]} faults were not reached: the run made fewer calls than the one they were counted in"
		[ $((missed[$kind] * MISSED_MOST)) -le $((tried[$kind] + 2 * MISSED_MOST)) ] && good || bad "$kind: more than one in $MISSED_MOST faults, and two, were not reached"
		[ "${tried[$kind]}" -eq 1 ] || [ "${missed[$kind]}" -lt "${tried[$kind]}" ] && good || bad "$kind: no fault was reached"
	done
	there=$(printf '%s\n' "${!struck[@]}" | sed 's/,.*//' | sort -u | grep -c .)
	say "$rehearsed allocations refused in rehearsals, $injected faults, of which $all were not reached, the others in $there scenes"
}

fault() { # SCENE KIND N
	local name="$1, $2 $3" code was now
	scene_begin "$1" || return
	told "$1"
	was=${said[*]}
	case $2 in
	caged) judge_also=(--reader 1) ;;
	send|recv) judge_also=(--line 1) ;; # the one to the reader may be what is cut
	*) judge_also=() ;;
	esac
	faulted "$(build_for "$2")" "$2 $3"
	code=$?
	injected=$((injected + 1))
	reached "$1" "$2" "$3"
	lost_truly "$name" "$2"
	if ended_well "$name" "$code"; then
		told "$1"
		now=${said[*]}
		case $1 in import|endpoint|secret|rotate|assign|undo|ignore)
			[ "$now" = "$was" ] || [ "$now" = "${after[$1]}" ] && good || bad "$name: half done: $was, now $now, whole ${after[$1]}" "$run/out" ;;
		esac
		case $2 in malloc|caged) ;; *) nothing_left "$name" ;; esac
		{ rounds_heal "$1" && [ "$code" -eq 0 ] && all_is_done; } ||
			{ judge_run "$name: right after the fault" --midway && heal "$1" "$name"; }
		case $1 in import|assign|undo|ignore) told "$1" && same "$name: done in the end" "${said[*]}" "${after[$1]}" ;; esac
	fi
	run_end
}

# ---- how often a scene makes each call ----

declare -A counts after
all_kinds=(malloc caged write short fsync rename connect send recv query answer space)

scene_learn() { # SCENE
	local name="$1 without a fault" n i=0
	scene_begin "$1" || return
	faulted "$dev" count
	ended_well "$name" $?
	told "$1"
	after[$1]=${said[*]}
	for n in $(calls_counted); do
		counts[$1,${all_kinds[$i]}]=$n
		i=$((i + 1))
	done
	[ "$long" = no ] || talk_learn "$1"
	run_end
	counts[$1,malloc]=0 counts[$1,caged]=0
	case " $kinds " in *" malloc "*|*" caged "*) memory_learn "$1" ;; esac
}

# Of a round that is like others what they did not call; told apart by chains of callers, each by the first that came by.
talk_learn() { # SCENE
	local kind
	places_noted >"$place/places"
	case " $rounds_alike " in *" $1 "*)
		for kind in $talk; do
			awk -v kind="$kind" 'FILENAME == ARGV[1] { known[$1]; next } $1 == kind && !($3 in known) { print $2 }' \
				"$place/known" "$place/places" >"$place/places.$1.$kind"
			counts[$1,$kind]=$(wc -l <"$place/places.$1.$kind")
		done ;;
	esac
	awk '$1 != "malloc" && $1 != "caged" { print $3 }' "$place/places" >>"$place/known"
}

# Where the scene allocates; of the cage only the places that no scene before had, and two that one had: each scene with a cage
# has a fault in it.
memory_learn() { # SCENE
	local name="$1 without a fault (release)" how=count offences
	if [ "$long" = yes ]; then ! ours "${#after[@]}" || how="rehearse 1"
	elif [ -z "$rehearsed_scene" ] && wanted malloc; then how="rehearse 0"; fi
	scene_begin "$1" || return
	NTH_PATIENCE=1200 faulted "$plain" "$how"
	ended_well "$name" $? && judge_run "$name" --midway
	places_noted >"$place/places"
	awk '$1 == "malloc" { print $2 }' "$place/places" >"$place/places.$1.malloc"
	awk 'FILENAME == ARGV[1] { known[$1]; next } $1 == "caged" && (!($3 in known) || had++ < 2) { print $2, $3 }' "$place/known" "$place/places" >"$place/new"
	cut -d' ' -f1 "$place/new" >"$place/places.$1.caged"
	[ "$long" = no ] || cut -d' ' -f2 "$place/new" >>"$place/known"
	counts[$1,malloc]=$(wc -l <"$place/places.$1.malloc")
	counts[$1,caged]=$(wc -l <"$place/places.$1.caged")
	[ "$how" = count ] || rehearsals_tell "$1" "$how"
	run_end
}
rehearsed_scene=""

# The noted places, by number of call: KIND N CHAIN.
places_noted() {
	perl -e 'open F, "<", $ARGV[0]; binmode F; read F, $_, 1 << 20; my @all = unpack "Q<*", substr $_, 200; my @k = ("", qw(malloc caged write short fsync rename connect send recv query answer));
		while (@all > 1) { my ($chain, $n) = splice @all, 0, 2; print(($k[$chain & 15] // "locked"), " $n $chain\n") if $chain }' "$run/nth" | sort -k1,1 -k2,2n
}

rehearsals_tell() { # SCENE HOW
	local made offences offender how
	read -r made offences offender how < <(shared_at 144 32 | paste -sd' ')
	rehearsed_scene=$1 rehearsed=$((rehearsed + made))
	[ "$made" -ge 100 ] && good || bad "$1, $2: only $made allocations were rehearsed"
	same "$1, $2: copies that did more than end for lack of memory (the last: call $offender, status $how)" "$offences" 0
	say "$1: memory refused at $made allocations of ${counts[$1,malloc]} places, $offences offences"
}

# Copies that do anything but say so and end are noticed.
rehearsals_judge() {
	local what expected
	run=$place/judged
	mkdir "$run"
	for what in ends crashes files silent lies; do
		shared_make
		LD_PRELOAD="$shim" VORPOST_NTH="rehearse 0" VORPOST_NTH_FILE="$run/nth" "$dev/tests/crash/offender" $what
		expected=1/1
		[ $what != ends ] || expected=1/0
		same "rehearsals and offences of who $what without memory" "$(shared_at 144 16 | paste -sd/)" $expected
	done
}

# A statement that is lost was not done, one whose answer is lost was: in each of the ways in which store/ asks.
losses_judge() {
	local way kind heard
	run=$place/judged
	mkdir -p "$run"
	sql <<<"create table lost (row text)"
	for kind in count query answer; do
		for way in exec prepared pipeline; do
			shared_make
			heard=$(LD_PRELOAD="$shim" VORPOST_NTH="$kind 1" VORPOST_NTH_FILE="$run/nth" "$dev/tests/crash/asker" "$(conninfo "$state")" $way $kind-$way)
			heard="$heard, $(sql -v r=$kind-$way <<<"select count(*) from lost where row = :'r'") done, $(answers_lost) lost"
			same "a statement by $way, of which was lost: $kind" "$heard" "$(losses_expected $kind)"
		done
	done
	sql <<<"drop table lost"
}
losses_expected() { # KIND
	case $1 in
	count) echo "answered, 1 done, 0 lost" ;;
	query) echo "not answered, 0 done, 0 lost" ;;
	answer) echo "not answered, 1 done, 1 lost" ;;
	esac
}

# The n-th of what was listed by places is the n-th place.
n_of() { # SCENE KIND N
	local list=$place/places.$1.$2
	if [ -e "$list" ]; then sed -n "$3p" "$list"; else echo "$3"; fi
}

# What may stay broken until a person comes: a disk. A network for which that holds is waited for, with patience (outage.sh).
stays() { case $1 in write|fsync|rename) ;; *) false ;; esac; } # KIND

every_n() { # SCENE KIND
	local n step=1 done=0 count=${counts[$1,$2]:-0} at_first=$failed
	[ "$2" != malloc ] || step=$((count / 40 + 1))
	for ((n = 1; n <= count; n += step)); do
		ours $((n / step)) || continue
		fault "$1" "$2" "$(n_of "$1" "$2" "$n")"
		done=$((done + 1))
		[ $((done % 100)) -ne 0 ] || say "  $1, $2: $done, at $n of $count, $((failed - at_first)) failed"
	done
	if [ "$count" -ge 1 ] && stays "$2" && ours 0; then
		for n in 1 $((count / 4 + 1)) $((count / 2 + 1)) $((count * 3 / 4 + 1)); do fault "$1" "$2" "$n+"; done
	fi
	say "$1, $2: $done of $count, $((failed - at_first)) failed ($SECONDS s)"
}

some_n() { # KIND
	local scene n tries=0 taken=0
	local list=($scenes)
	while [ "$taken" -lt "$picks" ] && [ "$tries" -lt 40 ]; do
		tries=$((tries + 1))
		draw ${#list[@]}
		[ $((taken + tries)) -gt 1 ] || drawn=1 # the office, of each kind
		scene=${list[$((drawn - 1))]}
		[ -n "${after[$scene]:-}" ] || scene_learn "$scene"
		[ "${counts[$scene,$1]:-0}" -ge 1 ] || continue
		draw "${counts[$scene,$1]}"
		n=$(n_of "$scene" "$1" "$drawn")
		[ $((taken % 3)) -ne 2 ] || ! stays "$1" || n=$n+
		fault "$scene" "$1" "$n"
		[ $missed_last = yes ] || taken=$((taken + 1))
	done
	[ "$taken" -eq "$picks" ] || bad "$1: $taken faults of $picks were reached in $tries tries"
	say "$1: $taken times, $failed failed"
}

# Six of them, so that few need to be learnt; the office that does wrong is one.
scenes_draw() {
	local all=($scenes)
	case " $scenes " in *" seeufer "*) scenes=seeufer ;; *) scenes="" ;; esac
	while [ "$(wc -w <<<"$scenes")" -lt 6 ] && [ "$(wc -w <<<"$scenes")" -lt ${#all[@]} ]; do
		draw ${#all[@]}
		case " $scenes " in *" ${all[$((drawn - 1))]} "*) ;; *) scenes="$scenes ${all[$((drawn - 1))]}" ;; esac
	done
}

# A part of the short form has some of the kinds.
kinds_ours() {
	local number=0 all=$kinds
	kinds=""
	for kind in $all; do
		number=$((number + 1))
		! ours "$number" || kinds="$kinds $kind"
	done
}
wanted() { case " $kinds " in *" $1 "*) ;; *) false ;; esac; } # KIND

# ---- the campaign ----

stock_more() { # more contracts of the same insurers, none of them twice
	"$build/vorpost-generate" --stock "$place/more.gdv" --count 90 --seed 8 >/dev/null
}

[ "$long" = yes ] || kinds_ours
template_make nth && stock_more && : >"$place/known" || close_count
before=$(bystander)
! wanted malloc || rehearsals_judge
! wanted answer || losses_judge
if [ -n "$only_n" ]; then
	for scene in $scenes; do scene_learn "$scene"; for kind in $kinds; do fault "$scene" "$kind" "$only_n"; done; done
elif [ "$long" = yes ]; then
	for scene in $scenes; do scene_learn "$scene"; for kind in $kinds; do every_n "$scene" "$kind"; done; done
else
	scenes_draw
	for kind in $kinds; do some_n "$kind"; done
fi
case " $scenes " in *" seeufer "*) office_tell ;; esac
same "the rows of another broker are untouched" "$(bystander)" "$before"
missed_tell
commits_tell 10
if [ "$long" = yes ] && [ -z "$only_n" ] && [ "$scenes" = "$scenes_all" ]; then
	[ "$shards" -eq 1 ] && struck_judge || struck_tell
fi
close_count
