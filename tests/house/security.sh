#!/bin/bash
# docs/security.md against the house: every item of ASVS 4.0.3 up to level 2 stands there once, with a state; what is met names a file or
# a test or says why none is needed; every file that is named is there, and so is every test in it. Then faults are planted, which must be
# noticed. usage: security.sh [FILE]
set -u
cd "$(dirname "$0")/../.." || exit 2
file=${1:-docs/security.md}
failures=0
bad() { echo "security: $1"; failures=1; }

# ---- the items: chapter.section: last one, or the list where some are of level 3 or deleted ----

items() {
	local section numbers number
	while read -r section numbers; do
		case $numbers in *[!0-9]*) ;; *) numbers=$(seq -s ' ' "$numbers") ;; esac
		for number in $numbers; do echo "$section.$number"; done
	done <<'END'
1.1 7
1.2 4
1.4 1 4 5
1.5 4
1.6 4
1.7 2
1.8 2
1.9 2
1.10 1
1.11 2
1.12 2 2
1.14 6
2.1 12
2.2 3
2.3 3
2.4 5
2.5 7
2.6 3
2.7 6
2.8 7
2.9 3
2.10 4
3.1 1
3.2 4
3.3 4
3.4 5
3.5 3
3.7 1
4.1 1 2 3 5
4.2 2
4.3 3
5.1 5
5.2 8
5.3 10
5.4 3
5.5 4
6.1 3
6.2 6
6.3 2
6.4 2
7.1 4
7.2 2
7.3 1 3 4
7.4 3
8.1 4
8.2 3
8.3 8
9.1 3
9.2 4
10.2 2
10.3 3
11.1 8
12.1 3
12.2 1
12.3 6
12.4 2
12.5 2
12.6 1
13.1 1 3 4 5
13.2 1 2 3 5 6
13.3 2
13.4 2
14.1 4
14.2 6
14.3 2 3
14.4 7
14.5 4
END
}
# "1.12 2 2" says 2 alone: one number would be a last one.
expected=$(items | sort -uV)
found=$(sed -nE 's/^\| ([0-9]+\.[0-9]+\.[0-9]+) \|.*/\1/p' "$file" | sort -V)
lines=$(diff <(echo "$expected") <(echo "$found")) || bad "items that are missing (<), unknown or there twice (>): $(grep '^[<>]' <<<"$lines" | paste -sd' ')"

# ---- what a row says ----

count() { grep -cE "^\| [0-9.]+ \| $1 \|" "$file"; }
while IFS='|' read -r _ item state how _; do
	item=${item// /} state=${state// /}
	case $item in [0-9]*.*) ;; *) continue ;; esac
	case $state in met | partly | open | n/a) ;; *) bad "$item has the state '$state'" ;; esac
	[ "${#how}" -gt 8 ] || bad "$item says nothing"
done <"$file"
total=$(grep -oE 'Of [0-9]+ items [0-9]+ are met, [0-9]+ partly, [0-9]+ are open, [0-9]+ are not applicable' "$file")
same="Of $(echo "$found" | wc -l) items $(count met) are met, $(count partly) partly, $(count open) are open, $(count n/a) are not applicable"
[ "$total" = "$same" ] || bad "it says '$total', the rows say '$same'"

# ---- what it names: `folder/file` and `folder/file_test.c: case` ----

while IFS= read -r named; do
	path=${named%%: *}
	[ -f "$path" ] || { bad "there is no $path"; continue; }
	[ "$named" = "$path" ] || grep -q "^START_TEST(${named#*: })" "$path" || bad "$path has no test ${named#*: }"
done < <(grep -oE '`[a-z_]+(/[A-Za-z0-9_.-]+)+(: [a-z0-9_A-Z]+)?`' "$file" | tr -d '`' | sort -u)

# ---- does it notice? ----

if [ $# -eq 0 ]; then
	copy=$(mktemp)
	planted() { # WHAT SED
		sed -E "$2" "$file" >"$copy"
		cmp -s "$copy" "$file" && bad "cannot be planted: $1"
		"$0" "$copy" >/dev/null && bad "not noticed: $1"
	}
	planted "an item that is missing" '/^\| 4\.2\.1 /d'
	planted "an item that is there twice" '/^\| 4\.2\.1 /p'
	planted "an item of level 3" 's/^\| 4\.2\.1 /| 4.2.9 /'
	planted "a state that is none" 's/^(\| 4\.2\.1 \|) met/\1 fine/'
	planted "another count" 's/Of ([0-9]+) items [0-9]+/Of \1 items 1/'
	planted "a file that is gone" 's#`api/caller\.c`#`api/called.c`#'
	planted "a test that is gone" 's#: changes_need_the_csrf_token`#: changes_need_nothing`#'
	rm -f "$copy"
fi
exit $failures
