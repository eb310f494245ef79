#!/bin/bash
# What others write, our reader reads: answers of npm soap, inline, as MTOM and as a fault. What others sign, it verifies: an answer
# signed by npm xml-crypto is read, and the same one changed is refused.
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
read_it=$root/build/dev/vorpost
place=$(mktemp -d) || exit 1
trap 'rm -rf "$place"' EXIT
passed=0
failed=0
good() { passed=$((passed + 1)); }
bad() { failed=$((failed + 1)); printf 'FAILED: %s\n' "$1"; sed 's/^/    | /' "$place/out"; }

openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=writer.example -addext keyUsage=critical,digitalSignature \
	-addext basicConstraints=CA:FALSE -keyout "$place/key.pem" -out "$place/cert.pem" 2>/dev/null
node "$root/tests/hostile/write.mjs" "$place" >"$place/out" 2>&1 || bad "xml-crypto signs nothing"
verified() { "$read_it" delivery read "$place/$1.xml" --signature required --trust "$place/cert.pem" >"$place/out" 2>&1; }
sha256=$(sha256sum <"$place/document" | cut -d' ' -f1)
for kind in signed attached listed; do
	if verified $kind && grep -q '"signature": "verified"' "$place/out" && grep -q 12345678 "$place/out" && grep -q "$sha256" "$place/out"; then good
	else bad "$kind by xml-crypto, not read"; fi
	forged=$kind-forged
	[ $kind != signed ] || forged=forged
	if ! verified $forged && grep -q '\[signature-wrong\]' "$place/out"; then good; else bad "$kind by xml-crypto and changed, not refused"; fi
done

# The document, byte by byte, the number with its references resolved, and nothing else.
node "$root/tests/hostile/write_soap.mjs" "$place" >"$place/out" 2>&1 || bad "soap writes nothing"
sha256=$(sha256sum <"$place/document" | cut -d' ' -f1)
for kind in inline mtom; do
	if "$read_it" delivery read "$place/$kind.http" --shipment 70001 >"$place/out" 2>&1 && grep -q "\"sha256\": \"$sha256\"" "$place/out" &&
		grep -q '"value": "4711-Ü & <1>"' "$place/out" && grep -q '"name": "Ä & <1>.pdf"' "$place/out" &&
		[ "$(grep -c '"sha256"' "$place/out")" -eq 1 ]; then good
	else bad "$kind by soap, not read"; fi
done
if head -1 "$place/mtom.http" | grep -q ' 200 ' && grep -aq '^Content-Type: multipart/related' "$place/mtom.http"; then good; else bad "soap sends no MTOM"; fi
"$read_it" delivery read "$place/mtom.http" --shipment 70002 >"$place/out" 2>&1 && bad "another shipment's answer is read" || good
# A fault of theirs comes with HTTP 200.
"$read_it" delivery read "$place/fault.http" --shipment 70001 >"$place/out" 2>&1
case $? in 65) good ;; *) bad "a fault by soap is taken for an answer" ;; esac
if grep -q 'a fault of the server and no MeldungID' "$place/out" && ! grep -q Wartung "$place/out"; then good; else bad "a fault by soap, not told as one"; fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
