# place.sh -- what the parts of the benchmark share: a folder of their own, children that end with it, ratios.
# Sourced by bench.sh.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
here=$root/tests/bench
bin=${BENCH_BUILD:-$root/build/release}
rounds=${BENCH_ROUNDS:-7}
seconds=${BENCH_SECONDS:-1}
children=()

say() { printf '%s\n' "$*"; }
die() { printf 'bench: %s\n' "$*" >&2; exit 70; }

place_make() { # on a disk, passable for the user that PostgreSQL runs as
	place=$(mktemp -d "${BENCH_FOLDER:-/var/tmp}/vorpost-bench.XXXXXX")
	chmod 755 "$place"
	trap place_remove EXIT
	trap 'exit 130' INT TERM
}

place_remove() {
	local child
	for child in "${children[@]}"; do child_stop "$child"; done
	[ -z "${cluster:-}" ] || cluster_stop
	rm -rf "$place"
}

child_stop() { # PID
	kill "$1" 2>/dev/null && wait "$1" 2>/dev/null || true # a signal is no failure
}

wait_until() { # WHAT COMMAND...
	local what=$1
	shift
	for _ in $(seq 400); do
		"$@" >/dev/null 2>&1 && return
		sleep 0.05
	done
	die "$what"
}

# ---- figures ----

# Each side's figure of each round stands in $place/figures: "PART SIDE FIGURE".
figure() { printf '%s %s %s\n' "$1" "$2" "$3" >>"$place/figures"; }

# NAME PART OURS THEIRS WANTED: the median of the paired ratios, with the 20th and 80th percentile.
goal() {
	awk -v name="$1" -v part="$2" -v ours="$3" -v theirs="$4" -v wanted="$5" '
		$1 == part && $2 == ours { a[++n] = $3 }
		$1 == part && $2 == theirs { b[++m] = $3 }
		function at(share,  i) { i = int(share * (k - 1) + 1.5); return r[i] }
		END {
			for (i = 1; i <= n && i <= m; i++) if (b[i] > 0) r[++k] = a[i] / b[i]
			if (!k) { printf "goal %s: not measured\n", name; exit }
			for (i = 2; i <= k; i++) for (j = i; j > 1 && r[j] < r[j - 1]; j--) { t = r[j]; r[j] = r[j - 1]; r[j - 1] = t }
			verdict = wanted == "" ? "(for information)" : sprintf("wanted >= %s: %s", wanted, at(0.5) >= wanted ? "met" : "MISSED")
			printf "goal %s: %.2f (20/80: %.2f..%.2f) %s\n", name, at(0.5), at(0.2), at(0.8), verdict
		}' "$place/figures" >>"$place/goals"
}

# PART UNIT: the median of every side, for context.
medians() {
	awk -v part="$1" '$1 == part { print $2, $3 }' "$place/figures" | sort -k1,1 -k2,2n | awk -v unit="$2" '
		function out() { if (n) printf "    %-18s %12.1f %s\n", side, v[int((n + 1) / 2)], unit }
		$1 != side { out(); side = $1; n = 0 }
		{ v[++n] = $2 }
		END { out() }'
}
