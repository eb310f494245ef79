# memory.sh -- the private memory of a worker does not grow with the document. Sourced by bench.sh.

# The most RssAnon of a process of its own that reads one answer after the other into a document store.
memory_of() { # LIST SECONDS
	"$bin/tests/bench/bench_read" --memory --store "$place/store" "$base" "$ca" "$2" "$place/answers/$1.list" "$place/spool"
}

# Whole kB, the limit is a difference, so this part has a closing line of its own.
memory_form() { # FORM
	local small large wrong_small wrong_large round
	for round in $(seq "$rounds"); do
		read -r small wrong_small < <(memory_of "$1-50k" 0.2)
		read -r large wrong_large < <(memory_of "$1-50m" 0.2)
		[ "$wrong_small$wrong_large" = 00 ] || die "documents came out wrong"
		rm -rf "$place/store"
		printf '%d %d %d\n' $((large - small)) "$small" "$large"
	done | sort -n >"$place/memory-$1"
	awk -v form="$1" '
		function at(share) { return d[int(share * (NR - 1) + 1.5)] }
		{ d[NR] = $1; small[NR] = $2; large[NR] = $3 }
		END {
			m = int((NR + 1) / 2)
			printf "goal memory %s, 50 MB over 50 kB: %+d kB (20/80: %+d..%+d; in all %d kB) wanted <= 1024 kB: %s\n",
				form, at(0.5), at(0.2), at(0.8), large[m], at(0.5) <= 1024 ? "met" : "MISSED"
		}' "$place/memory-$1" >>"$place/goals"
}

part_memory() {
	answers_serve
	say "  private memory (RssAnon, the most) of a worker: http, spool, reader, document store"
	memory_form inline
	memory_form mtom
}
