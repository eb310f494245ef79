#!/bin/bash
# ./run fuzz [NAME] [--seconds N]: libFuzzer on fuzz/NAME.c, or on all of them one after the other, N seconds each (600). Starts
# from fuzz/corpus/NAME and from what earlier runs found (build/fuzz/corpus/NAME). An input that breaks something is kept in
# build/fuzz/found; when it is mended, put it into fuzz/corpus/NAME: ./run test unit replays that.
set -u
cd "$(dirname "$0")/.."

names=$(ls fuzz/corpus)
only="" seconds=600
say() { printf '%s\n' "$*"; }
usage() { say "usage: ./run fuzz [NAME] [--seconds N]; names: $(echo $names)" >&2; exit 64; }
while [ $# -gt 0 ]; do
	case $1 in
	--seconds) seconds=${2:-}; shift ;;
	-*) usage ;;
	*) [ -z "$only" ] || usage; only=$1 ;;
	esac
	shift || usage
done
[[ $seconds =~ ^[1-9][0-9]{0,6}$ ]] || usage
case " $(echo $names) " in *" ${only:-http} "*) ;; *) usage ;; esac

found=build/fuzz/found
mkdir -p $found
child=""
trap '[ -z "$child" ] || kill "$child" 2>/dev/null; exit 130' INT TERM

# The newest of what libFuzzer says: "#1234 NEW cov: 12 ft: 34 corp: 5/6b ... exec/s: 7 ..."
latest() { grep -E '^#[0-9]+' "$1" | tail -1; }
value() { sed -nE "s|.*$1:? +([0-9]+).*|\1|p" <<<"$2"; }

fuzz_one() { # NAME -> a row of the table
	local name=$1 log=build/fuzz/$1.log start=$SECONDS code=0 line inputs
	mkdir -p build/fuzz/corpus/$name
	build/fuzz/fuzz/fuzz_$name -max_total_time=$seconds -max_len=16384 -timeout=25 -rss_limit_mb=2048 -print_final_stats=1 \
		-artifact_prefix=$found/$name- build/fuzz/corpus/$name fuzz/corpus/$name >"$log" 2>&1 &
	child=$!
	while kill -0 $child 2>/dev/null; do
		sleep 1
		[ $(((SECONDS - start) % 10)) -eq 0 ] || continue
		line=$(latest "$log")
		say "$name: $((SECONDS - start)) of $seconds s, $(sed -nE 's/^#([0-9]+).*/\1/p' <<<"$line") inputs, $(value cov "$line") places in the code"
	done
	wait $child || code=$?
	child=""
	line=$(latest "$log")
	inputs=$(value stat::number_of_executed_units "$(grep number_of_executed "$log")")
	if [ $code -ne 0 ]; then
		broken=$((broken + 1))
		grep -E 'does not hold|ERROR: |SUMMARY: |runtime error|Test unit written' "$log" | head -5
	fi
	rows="$rows$(printf '%-10s %7s %12s %9s %7s %7s  %s' "$name" $((SECONDS - start)) "${inputs:--}" \
		"$(value exec/s "$line")" "$(value cov "$line")" "$(ls build/fuzz/corpus/$name | wc -l)" \
		"$([ $code -eq 0 ] && echo nothing || echo "see $log and $found")")\n"
}

broken=0
rows=""
for name in ${only:-$names}; do fuzz_one "$name"; done
printf '\n%-10s %7s %12s %9s %7s %7s  %s\n' fuzzer seconds inputs "a second" places corpus broke
printf "$rows"
[ $broken -eq 0 ] || { say "$broken fuzzers stopped at an input; again: build/fuzz/fuzz/fuzz_NAME FILE"; exit 1; }
