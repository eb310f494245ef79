#!/bin/bash
# A campaign in parts that run side by side, each with a cluster of its own.
# usage: beside.sh PARTS SCRIPT [OPTION...]
#
# Lines are shown as they come, behind the number of their part. All parts draw from one seed, each its own pieces of the work.
# What only all parts show together is judged at the end (together.sh).
# Closes with the sum, 'N passed, N failed'.
set -u
parts=$1 script=$2
shift 2
case " $* " in *" --seed "*) ;; *) set -- "$@" --seed $((RANDOM * 32768 + RANDOM)) ;; esac
logs=$(mktemp -d "${TMPDIR:-/tmp}/vorpost-beside.XXXXXX") || exit 1
ids=() shown=()
leave() {
	[ ${#ids[@]} -eq 0 ] || kill "${ids[@]}" 2>/dev/null
	wait
	rm -rf "$logs"
}
trap leave EXIT
trap 'exit 130' INT TERM

for i in $(seq "$parts"); do
	mkfifo "$logs/$i.pipe" || exit 1
	tee "$logs/$i" <"$logs/$i.pipe" | sed -u "s/^/$i: /" &
	shown+=($!)
	"$script" "$@" --shard "$i/$parts" >"$logs/$i.pipe" 2>&1 &
	ids+=($!)
done
passed=0 failed=0 i=0 said=()
add() { # 'N passed, N failed'
	local line=$1
	passed=$((passed + ${line%% *}))
	line=${line##*passed, }
	failed=$((failed + ${line%% *}))
}
wait "${shown[@]}"
for id in "${ids[@]}"; do
	i=$((i + 1))
	wait "$id"
	code=$?
	line=$(grep -oE '^[0-9]+ passed, [0-9]+ failed' "$logs/$i" | tail -1)
	if [ -z "$line" ]; then
		echo "FAILED: part $i ends without a count (exit $code)"
		failed=$((failed + 1))
		continue
	fi
	add "$line"
	said+=("$logs/$i")
done
ids=()
if [ ${#said[@]} -gt 0 ] && grep -q '^reached ' "${said[@]}"; then
	"$(dirname "$0")/together.sh" "${said[@]}" >"$logs/together"
	sed '$d' "$logs/together"
	add "$(tail -1 "$logs/together")"
fi
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
