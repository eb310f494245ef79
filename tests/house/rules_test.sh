#!/bin/bash
# The house rules must notice a breach: each line plants one into a copy and expects the rules to fail.
set -u
cd "$(dirname "$0")/../.." || exit 2
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -co --exclude-standard -- '*.c' '*.h' '*.sql' 'tests/house/*' | tar -cf - -T - | tar -xf - -C "$copy"
git -C "$copy" init -q
failures=0

breach() { # NAME FILE TEXT
	printf '%s\n' "$3" >>"$copy/$2"
	if "$copy/tests/house/rules.sh" "$copy" >/dev/null; then echo "not noticed: $1"; failures=1; fi
	if [ -e "$2" ]; then cp "$2" "$copy/$2"; else rm "$copy/$2"; fi
}

"$copy/tests/house/rules.sh" "$copy" || { echo "the copy is not clean to begin with"; exit 1; }
breach "an include upward" model/delivery.c '#include "store/db.h"'
breach "an include sideways" events/sequence.c '#include "matcher/decide.h"'
breach "the reader reaching for the network" ingest/reader.c '#include "ingest/http.h"'
breach "a fixture on the product's rooms" fixtures/server.c '#include "ingest/reader.h"'
breach "libpq outside the store" matcher/record.c '#include <libpq-fe.h>'
breach "libxml2 outside its home" events/sequence.c '#include <libxml/parser.h>'
breach "an include without a folder" base/text.c '#include "err.h"'
breach "an unlisted crash point" ingest/poll.c 'void f(void); void f(void) { CRASH_POINT("no.such.point"); }'
breach "a migration out of number" store/migrations/0042_gap.sql '-- nothing'
breach "a statement nobody uses" store/sql/never_used_at_all.sql '-- nothing'
exit $failures
