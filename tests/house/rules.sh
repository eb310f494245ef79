#!/bin/bash
# The house rules that a compiler does not hold: includes run downward, foreign libraries stay at home,
# the crash points that code passes are the ones that are listed, migrations are numbered without gaps.
# usage: rules.sh [FOLDER]   prints one line per breach; exit 1 if there is one
set -u
export LC_ALL=C
cd "${1:-$(dirname "$0")/../..}" || exit 2
breaches=0
breach() { printf '%s\n' "$*"; breaches=$((breaches + 1)); }

# Room and level; a room may include its own and those of a lower level, and of its own level only itself.
levels='base=0 model=1 store=2 normalizers=2 ingest=3 matcher=4 events=4 api=5 review=6 cmd=7 fixtures=9'

# Foreign header (as a pattern) and the files that may include it.
homes='
curl/curl.h                ingest/http events/sink_http tests/
libpq-fe.h                 store/ tests/
libxml/                    ingest/xml ingest/trust ingest/schema fixtures/ tests/
xmlsec/                    ingest/trust tests/
cyaml/                     base/yaml base/conf normalizers/ matcher/csv_mapping fixtures/ tests/
utf8proc.h                 base/text base/listing normalizers/
magic.h                    ingest/sniff
microhttpd.h               api/ fixtures/ tests/
gnutls/                    fixtures/
sodium.h                   api/password tests/
nats/                      events/sink_nats tests/
hpdf.h                     fixtures/
archive                    ingest/program/inspect_zip fixtures/ tests/
poppler.h                  ingest/program/inspect_pdf
glib                       base/zone ingest/program/inspect_pdf
openssl/                   store/ ingest/ matcher/ events/ api/ fixtures/ tests/
systemd/                   base/role
seccomp.h                  base/cage_lock
linux/landlock.h           base/cage_lock
iconv.h                    matcher/
check.h                    tests/
'

files() { git ls-files -co --exclude-standard -- '*.c' '*.h'; }

levels=$levels homes=$homes awk -f tests/house/includes.awk $(files) || breaches=$((breaches + 1))

for place in $(git grep --untracked -I -nE '^(<{7}|>{7}) ' | cut -d: -f1,2); do
	breach "$place: two versions of the same lines"
done

# Whoever refuses what an insurer sent names the reason (ingest/refusals.def). What only looks into documents has its own states.
for file in $(files | grep '^ingest/.*\.c$' | grep -v -e '^ingest/inspect' -e '^ingest/refusal\.c$' -e '^ingest/program/' |
	xargs -r grep -lPz 'err_set(_code)?\(\s*[^;"]*ERR_DELIVERY'); do
	breach "$file: refuses with err_set(ERR_DELIVERY), not with a row of ingest/refusals.def"
done
if [ -e ingest/refusals.def ]; then
	for name in $(comm -23 <(sed -nE 's/^REFUSAL\((\w+), ".*/\1/p' ingest/refusals.def | sort -u) \
		<(grep -ohE '\bREFUSAL_\w+' ingest/*.c | sed 's/^REFUSAL_//' | sort -u)); do
		breach "ingest/refusals.def: $name is a reason that nobody gives"
	done
fi

# Memory and time of a process have no "one beyond": reading_test.c and schema_test.c go far beyond some of them,
# tests/hostile measures what its cases take.
measured=' READER_MEMORY_MIB READER_SIGNED_MEMORY_MIB READER_CPU_MS READER_BYTES_PER_MS
 SCHEMA_MEMORY_MIB SCHEMA_COMPILE_MS SCHEMA_CPU_MS SCHEMA_WAIT_MS '

# A bound on what insurers send stands in ingest/limits.h, somebody keeps it, and a test goes to it, by its name.
for name in $(sed -nE 's/^#define ([A-Z0-9_]+) .*/\1/p' ingest/limits.h); do
	if ! grep -qw -e "$name" $(files | grep '^ingest/.*\.c$'); then
		breach "ingest/limits.h: $name is a limit that nobody keeps"
	elif ! grep -qw -e "$name" <<<"$measured" && ! grep -qw -e "$name" $(files | grep '^tests/'); then
		breach "ingest/limits.h: $name is a limit that no test names"
	fi
done

sources=$(files | grep -v -e '^base/crash' -e '^tests/')
listed=$(sed -n '/crash_point_names\[\]/,/^};/p' base/crash.c | grep -oE '"[a-z._]+"' | tr -d '"' | sort -u)
passed=$(grep -hoE 'CRASH_POINT(_OF)?\("[a-z._]+"' $sources | cut -d'"' -f2 | sort -u)
for name in $(comm -13 <(echo "$listed") <(echo "$passed")); do
	breach "crash point $name is passed but not listed in base/crash.c"
done
for name in $(comm -23 <(echo "$listed") <(grep -hoE '"[a-z._]+"' $sources | tr -d '"' | sort -u)); do # some are passed by a table's name
	breach "crash point $name is listed in base/crash.c but passed nowhere"
done

for file in $(grep -l 'document_text\|clue\|d\.words' matcher/*.c store/sql/match_*.sql store/sql/rematch_*.sql store/sql/delivery_record.sql); do
	breach "$file: no decision looks into what stands inside a document"
done

number=1
for file in store/migrations/*.sql; do
	case $file in store/migrations/$(printf %04d $number)_*) ;; *) breach "$file: expected migration $number" ;; esac
	number=$((number + 1))
done

for file in $(awk 'FNR == 1 && !/^-- / { print FILENAME }' store/sql/*.sql; find store/sql -name '*.sql' -empty); do breach "$file: no contract on top"; done
for file in $(grep -l 'insert into event ' store/sql/*.sql | xargs -r grep -Lx -- '-- wakes: sequencer'); do
	breach "$file: writes events and does not wake the sequencer"
done
for name in $(comm -23 <(basename -s .sql store/sql/*.sql | sort) \
	<(grep -rohE 'SQL_\w+' base store ingest matcher events api review cmd --include='*.c' | sed 's/^SQL_//' | sort -u)); do
	breach "store/sql/$name.sql: used by nobody"
done

# What a command notes in the audit log is read by people: it has words.
for action in $(cat cmd/*.c | tr -d '\n\t' | grep -oE 'audit_(hand|close|decision)\([^;]*;' | grep -oE '"[a-z]+\.[a-z_-]+"' | sort -u); do
	grep -qF "{ $action," review/vocabulary.c || breach "review/vocabulary.c: $action is noted in the audit log and has no words"
done

# The scenes are sourced into one shell: of two functions of one name the later one would win, without a word.
for twice in $(sed -nE 's/^([a-z_]+)\(\).*/\1/p' tests/lib.sh tests/e2e/*.sh | sort | uniq -d); do
	breach "tests/e2e: $twice() is there twice"
done

[ "$breaches" -eq 0 ]
