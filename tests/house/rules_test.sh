#!/bin/bash
# The house rules must notice a breach: each line plants one into a copy and expects the one complaint that it deserves.
set -u
cd "$(dirname "$0")/../.." || exit 2
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -co --exclude-standard -- '*.c' '*.h' '*.sql' 'ingest/*.def' 'tests/house/*' 'tests/lib.sh' 'tests/e2e/*.sh' | tar -cf - -T - | tar -xf - -C "$copy"
git -C "$copy" init -q
failures=0

breach() { # NAME FILE TEXT COMPLAINT: the text comes at the end of the file
	local said
	mkdir -p "$(dirname "$copy/$2")"
	printf '%s\n' "$3" >>"$copy/$2"
	if said=$("$copy/tests/house/rules.sh" "$copy" 2>&1); then echo "not noticed: $1"; failures=1
	elif [ "$(grep -c . <<<"$said")" -ne 1 ] || ! grep -qE -- "$4" <<<"$said"; then
		printf 'noticed as something else: %s\n%s\n' "$1" "$said"
		failures=1
	fi
	if [ -e "$2" ]; then cp "$2" "$copy/$2"; else rm "$copy/$2"; fi
}

"$copy/tests/house/rules.sh" "$copy" || { echo "the copy is not clean to begin with"; exit 1; }
breach "an include upward" model/delivery.c '#include "store/db.h"' 'model/delivery.c: includes upward or sideways: "store/db.h"'
breach "an include sideways" events/sequence.c '#include "matcher/decide.h"' 'includes upward or sideways'
breach "the reader reaching for the network" ingest/reader.c '#include "ingest/http.h"' 'the reader has no network'
breach "a fixture on the product's rooms" fixtures/server.c '#include "ingest/reader.h"' 'fixtures stand on base and model only'
breach "a file in no room" attic/old.c '#include "base/err.h"' 'attic/old.c: stands in no room'
breach "an include of no room" base/text.c '#include "attic/old.h"' 'includes "attic/old.h" of no room'
breach "lines of which two versions were left" tests/e2e/way.sh "$(printf '<%.0s' 1 2 3 4 5 6 7) main" 'way.sh:[0-9]+: two versions'
breach "libpq outside the store" matcher/record.c '#include <libpq-fe.h>' '<libpq-fe.h> is not at home here'
breach "libxml2 outside its home" events/sequence.c '  #  include <libxml/parser.h> // why' '<libxml/parser.h> is not at home here'
breach "an include without a folder" base/text.c '#include "err.h"' 'without its folder'
breach "an unlisted crash point" ingest/poll.c 'void f(void); void f(void) { CRASH_POINT("no.such.point"); }' 'no.such.point is passed but not listed'
breach "a listed crash point that nobody passes" base/crash.c 'const char *const crash_point_names[] = {
	"never.passed",
};' 'never.passed is listed .* but passed nowhere'
breach "a migration out of number" store/migrations/0999_gap.sql '-- nothing' 'expected migration'
breach "a refusal without a name" ingest/mime.c 'bool f(struct err *e); bool f(struct err *e) { return err_set(e, ERR_DELIVERY, "no"); }' 'ingest/mime.c: refuses with err_set'
breach "the same over two lines" ingest/mime.c 'bool f(struct err *e); bool f(struct err *e) { return err_set_code(
	e, ERR_DELIVERY, 1, "no"); }' 'ingest/mime.c: refuses with err_set'
breach "a reason that nobody gives" ingest/refusals.def 'REFUSAL(never_given, "nobody")' 'never_given is a reason that nobody gives'
breach "a limit that nobody keeps" ingest/limits.h '#define NEVER_KEPT_MOST 1 /* of nothing */' 'NEVER_KEPT_MOST is a limit that nobody keeps'
breach "a limit that no test names" ingest/limits.h '#define WAIT_MOST_MS 1 /* ingest/poller.c keeps one of this name */' 'WAIT_MOST_MS is a limit that no test names'
breach "a decision that looks into a document" matcher/decide.c '/* document_text */' 'matcher/decide.c: no decision looks'
breach "a function that another scene has" tests/e2e/match.sh 'told_of() { :; }' 'told_of\(\) is there twice'
breach "a statement nobody uses" store/sql/never_used_at_all.sql '-- nothing' 'never_used_at_all.sql: used by nobody'
breach "an event without a wake-up" store/sql/audit_add.sql 'insert into event (id) values (1);' 'does not wake the sequencer'
breach "an action without words" cmd/audit.c 'bool f(struct app *a); bool f(struct app *a) { return audit_hand(a, NULL, "delivery.burn", NULL, NULL); }' '"delivery.burn" is noted'
head=$(ls store/sql/*.sql | head -1)
{ echo 'select 1;'; cat "$head"; } >"$copy/$head"
breach "a statement without a contract" "$head" '' "$head: no contract on top"
exit $failures
