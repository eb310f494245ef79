#!/bin/bash
# The table "Deviations and their tests" of docs/bipro.md: every row has a test, every test and every key of a profile that it
# names is there. A test is FILE: NAME (a case of Check, a function of a script), or a file of cases.
# usage: deviations.sh [FOLDER]   prints one line per breach; exit 1 if there is one
set -u
cd "${1:-$(dirname "$0")/../..}" || exit 2
breaches=0 rows=0
breach() { printf '%s\n' "$*"; breaches=$((breaches + 1)); }

test_check() { # ROW TEST
	local file=${2%%: *} name=${2#*: }
	[ -f "$file" ] || { breach "$1: there is no file $file"; return; }
	[ "$file" != "$name" ] || return
	grep -qE "^(START_TEST\($name\)|$name\(\) \{)" "$file" || { breach "$1: $file has no test $name"; return; }
	# A case that nobody adds is never run.
	case $file in *.c) grep -qE "tcase_add[a-z_]*test\([a-z]+, *$name\b" <(tr -d '\n\t' <"$file") || breach "$1: $file never runs $name" ;; esac
}

key_check() { # ROW "FILES: KEY"
	local files=${2%%: *} key=${2#*: } file
	for file in $files; do
		[ -f "$file" ] || { breach "$1: there is no file $file"; continue; }
		grep -qE "(^|[ {])$key:" "$file" || breach "$1: $file has no key $key"
	done
}

quoted() { grep -oE '`[^`]+`' <<<"$1" | tr -d '`'; }

while IFS='|' read -r _ seen profile tests _; do
	case $seen in ' seen '|---*) continue ;; esac
	rows=$((rows + 1))
	[ -n "$(quoted "$tests")" ] || breach "$seen: has no test"
	[ "$profile" = ' – ' ] || [ -n "$(quoted "$profile")" ] || breach "$seen: neither a key of a profile nor –"
	while read -r item; do [ -z "$item" ] || test_check "$seen" "$item"; done <<<"$(quoted "$tests")"
	while read -r item; do [ -z "$item" ] || key_check "$seen" "$item"; done <<<"$(quoted "$profile")"
done < <(sed -n '/^## Deviations and their tests$/,/^## Logins$/p' docs/bipro.md | grep '^|')

[ "$rows" -gt 0 ] || breach "docs/bipro.md has no table of deviations"
[ "$breaches" -eq 0 ] && printf '%d deviations, each with a test\n' "$rows"
exit $((breaches > 0))
