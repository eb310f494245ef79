// compare.js: the plain fold with a regular expression over the same CSV; same columns out as `vorpost number compare --batch`.
// It knows neither pictures nor issuers: a floor for the work, not for the answer.
import { readFileSync, writeSync } from 'node:fs';

const fold = (number) => number.replace(/[^0-9A-Za-z]+/g, '').toUpperCase();
const lines = readFileSync(0, 'latin1').split('\n');
const out = [`${lines[0]},verdict,reason`];
for (let i = 1; i < lines.length; i++) {
	if (lines[i] === '')
		continue;
	const [leftVu, left, rightVu, right] = lines[i].split(',');
	const same = leftVu === rightVu && fold(left) === fold(right);
	out.push(`${lines[i]},${same ? 'same' : 'different'},${same ? 'folded alike' : 'folded unlike'}`);
}
out.push('');
const text = Buffer.from(out.join('\n'), 'latin1');
for (let at = 0; at < text.length; )
	at += writeSync(1, text, at);
