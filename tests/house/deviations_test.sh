#!/bin/bash
# deviations.sh notices a test that is not there, a key that is not there, a row without a test, a table that is gone.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
place=$(mktemp -d /tmp/vorpost-house-XXXXXX)
trap 'rm -rf "$place"' EXIT
failed=0
ln -s "$root/tests" "$root/fixtures" "$place"
mkdir "$place/docs"

notices() { # WHAT SED-SCRIPT WORDS
	sed "$2" "$root/docs/bipro.md" >"$place/docs/bipro.md"
	if "$here/deviations.sh" "$place" >"$place/out" || ! grep -q -- "$3" "$place/out"; then
		printf 'not noticed: %s\n' "$1"
		cat "$place/out"
		failed=1
	fi
}

notices "a test of another name" 's/: by_bytes`/: by_name`/' 'sniff_test.c has no test by_name'
notices "a file that is gone" 's/mtom-bare-lf\.answer/mtom-bare-cr.answer/' 'there is no file tests/ingest/cases/mtom-bare-cr.answer'
notices "a key that is gone" 's/: escaped_cid`/: escaped_id`/' 'muehlrad.yaml has no key escaped_id'
notices "a row without a test" 's/ `tests\/ingest\/sniff_test.c: gdv_by_shape` / - /' 'has no test'
notices "no table at all" 's/^## Deviations and their tests/## Other/' 'no table of deviations'
sed '' "$root/docs/bipro.md" >"$place/docs/bipro.md"
"$here/deviations.sh" "$place" >/dev/null || { printf 'the table as it is does not pass\n'; failed=1; }
exit "$failed"
