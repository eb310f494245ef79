#!/bin/bash
# The house rules that a compiler does not hold: includes run downward, foreign libraries stay at home,
# the crash points that code passes are the ones that are listed, migrations are numbered without gaps.
# usage: rules.sh [FOLDER]   prints one line per breach; exit 1 if there is one
set -u
cd "${1:-$(dirname "$0")/../..}" || exit 2
breaches=0
breach() { printf '%s\n' "$*"; breaches=$((breaches + 1)); }

# Room and level; a room may include its own and those of a lower level, and of its own level only itself.
declare -A level=([base]=0 [model]=1 [store]=2 [normalizers]=2 [ingest]=3 [matcher]=4 [events]=4 [api]=5 [cmd]=6 [fixtures]=9)

# Foreign header (as a pattern) and the files that may include it.
homes='
curl/curl.h                ingest/http events/sink_http tests/
libpq-fe.h                 store/ tests/
libxml/                    ingest/xml ingest/trust fixtures/ tests/
xmlsec/                    ingest/trust tests/
cyaml/                     base/yaml base/conf normalizers/ matcher/csv_mapping fixtures/ tests/
utf8proc.h                 base/text base/listing normalizers/
magic.h                    ingest/sniff
microhttpd.h               api/ fixtures/ tests/
nats/                      events/sink_nats tests/
hpdf.h                     fixtures/
archive                    fixtures/
openssl/                   store/ ingest/ matcher/ events/ api/ fixtures/ tests/
systemd/                   base/role
iconv.h                    matcher/
check.h                    tests/
'

files() { git ls-files -co --exclude-standard -- '*.c' '*.h'; }

includes() { # FILE -> the quoted and bracketed names, one a line, with their brackets
	sed -nE 's/^[[:space:]]*#[[:space:]]*include[[:space:]]+(["<][^">]+[">]).*/\1/p' "$1"
}

check_direction() { # FILE HEADER
	local from=${1%%/*} to=${2%%/*}
	[ "$from" = tests ] && return
	[ -n "${level[$from]:-}" ] || { breach "$1: stands in no room"; return; }
	case $2 in sql_list.h|*.inc) return ;; esac
	[ "$2" != "$to" ] || { breach "$1: includes \"$2\" without its folder"; return; }
	[ -n "${level[$to]:-}" ] || { breach "$1: includes \"$2\" of no room"; return; }
	[ "$from" = "$to" ] && return
	if [ "$from" = fixtures ]; then
		case $to in base|model) return ;; esac
		breach "$1: fixtures stand on base and model only, not on \"$2\""
	elif [ "${level[$to]}" -ge "${level[$from]}" ]; then
		breach "$1: includes upward or sideways: \"$2\""
	fi
}

check_home() { # FILE HEADER
	local pattern places place
	while read -r pattern places; do
		[ -n "$pattern" ] || continue
		case $2 in "$pattern"*) ;; *) continue ;; esac
		for place in $places; do case $1 in "$place"*) return ;; esac; done
		breach "$1: <$2> is not at home here (its home: $places)"
	done <<<"$homes"
}

check_reader_is_alone() { # the reader is a function from bytes to facts
	case $1 in ingest/reader*|ingest/xml*|ingest/multipart*|ingest/base64*|ingest/sniff*|ingest/status*|ingest/answer*|ingest/httphead*) ;; *) return ;; esac
	case $2 in store/*|normalizers/*|ingest/http.h|ingest/transfer.h|ingest/sts.h)
		breach "$1: the reader has no network, database or insurer in reach, but includes \"$2\"" ;; esac
}

for file in $(files); do
	while read -r name; do
		bare=${name:1:-1}
		case $name in
		\"*) check_direction "$file" "$bare"; check_reader_is_alone "$file" "$bare" ;;
		\<*) check_home "$file" "$bare" ;;
		esac
	done < <(includes "$file")
done

sources=$(files | grep -v -e '^base/crash' -e '^tests/')
listed=$(sed -n '/crash_point_names\[\]/,/^};/p' base/crash.c | grep -oE '"[a-z._]+"' | tr -d '"')
for name in $(grep -hoE 'CRASH_POINT\("[a-z._]+"' $sources | cut -d'"' -f2 | sort -u); do
	printf '%s\n' $listed | grep -qx "$name" || breach "crash point $name is passed but not listed in base/crash.c"
done
for name in $listed; do # some are passed by a table's name
	grep -qF "\"$name\"" $sources || breach "crash point $name is listed in base/crash.c but passed nowhere"
done

number=1
for file in store/migrations/*.sql; do
	case $file in store/migrations/$(printf %04d $number)_*) ;; *) breach "$file: expected migration $number" ;; esac
	number=$((number + 1))
done

for file in store/sql/*.sql; do
	head -1 "$file" | grep -q '^-- ' || breach "$file: no contract on top"
	if grep -q 'insert into event ' "$file" && ! grep -qx -- '-- wakes: sequencer' "$file"; then
		breach "$file: writes events and does not wake the sequencer"
	fi
	grep -qE "\"?SQL_$(basename "$file" .sql)\"?\b" -r base store ingest matcher events api cmd --include='*.c' || breach "$file: used by nobody"
done

[ "$breaches" -eq 0 ]
