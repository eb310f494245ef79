#!/bin/bash
# ./run bench [memory|read|ingest|way|compare|events|import|match [--quick]|rules [--quick]|review]: ratios against peers and limits, both sides in turn in the same run.
# Closes with one line per goal. Ends with 0 if it ran and every digest was right; figures are never asserted.
#   BENCH_ROUNDS=7  BENCH_SECONDS=1  BENCH_FOLDER=/var/tmp (a folder below it is used and removed)
set -euo pipefail
. "$(dirname "$0")/place.sh"
for part in memory read ingest way compare events import match rules review; do
	[ ! -e "$here/$part.sh" ] || . "$here/$part.sh"
done

main() {
	[ "${2:-}" != --quick ] || BENCH_QUICK=1
	local part parts="memory read ingest way compare events import match rules review"
	case " $parts " in *" ${1:-read} "*) ;; *) say "there is no part '$1'; parts: $parts"; exit 64 ;; esac
	cmake --build "$bin" --target bench >/dev/null
	place_make
	: >"$place/figures" >"$place/goals"
	for part in ${1:-$parts}; do
		say ""
		say "== $part"
		"part_$part"
	done
	say ""
	cat "$place/goals"
}

main "$@"
