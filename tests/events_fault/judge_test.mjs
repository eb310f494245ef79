// Plants one violation after the other into a small scene and asks the judge: he must notice each, and nothing without one.
// usage: node judge_test.mjs FOLDER
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = process.argv[2];
const judge = fileURLToPath(new URL('judge.mjs', import.meta.url));
const id = n => `01920000-0000-7000-8000-${String(n).padStart(12, '0')}`;
let failed = 0;

// Twelve events of three customers by two writers, every sixth for the broker only.
function scene() {
	const lane = {};
	const rows = Array.from({ length: 12 }, (_, i) => {
		const type = i % 6 === 5 ? 'document.unmatched' : 'invoice.issued', customer = `K-${i % 3}`;
		if (type !== 'document.unmatched') lane[customer] = (lane[customer] ?? 0) + 1;
		return { position: i + 1, id: id(i + 1), customer, type, sequence: type === 'document.unmatched' ? '' : lane[customer], writer: i % 2, no: i + 1, drawn: i + 1 };
	});
	const line = (row, answer = 204) => ({ id: row.id, signature: 'valid', answer, event: {
		id: row.id, type: row.type, partitionkey: row.customer, sequence: String(row.position).padStart(20, '0'),
		...(row.sequence ? { customersequence: String(row.sequence) } : {}) } });
	const hook = rows.flatMap(row => (row.position % 5 === 0 ? [line(row, 500), line(row), line(row)] : [line(row)]));
	[hook[0], hook[1]] = [hook[1], hook[0]]; // customers do not wait for each other
	return { rows, committed: rows.map(row => row.id), hook, feed: rows.map(row => line(row, 200)), few: rows.filter(row => row.sequence).map(row => line(row)) };
}

const at = (log, n, answer) => log.findIndex(line => line.event.id === id(n) && (!answer || line.answer === answer));
const plants = {
	'nothing': null,
	'a hole in the positions': s => { s.rows[4].position = 40; },
	'an event without a position': s => { s.rows[11].position = ''; },
	'a hole in the customersequence': s => { s.rows[6].sequence++; },
	'a customersequence of a broker event': s => { s.rows[5].sequence = 1; },
	'a later event of a writer before an earlier one': s => { [s.rows[2].no, s.rows[4].no] = [s.rows[4].no, s.rows[2].no]; },
	'an acknowledged event that is not there': s => { s.committed.push(id(99)); },
	'an event twice in the outbox': s => { s.rows.push({ ...s.rows[0], position: 13 }); },
	'a webhook lost': s => { s.hook.splice(at(s.hook, 4), 1); },
	'a webhook that was only refused': s => { s.hook = s.hook.filter(l => l.event.id !== id(5) || l.answer === 500); },
	'a customer out of order': s => { const i = at(s.hook, 3), j = at(s.hook, 9); [s.hook[i], s.hook[j]] = [s.hook[j], s.hook[i]]; },
	'a later event accepted while the refused one waits': s => { const [l] = s.hook.splice(at(s.hook, 8), 1); s.hook.splice(at(s.hook, 5, 500) + 1, 0, l); },
	'a strange event': s => { s.hook.push({ ...s.hook[0], id: id(77), event: { ...s.hook[0].event, id: id(77) } }); },
	'the same event under another id': s => { s.hook.push({ ...s.hook[0], id: id(78) }); },
	'a bad signature': s => { s.hook[2].signature = 'invalid'; },
	'another customer in the event': s => { s.hook[2].event.partitionkey = 'K-7'; },
	'another position in the repetition': s => { const i = s.hook.findLastIndex(l => l.event.id === id(5)); s.hook[i].event.sequence = '6'; },
	'half a line': s => { s.hook.push('{"id":'); },
	'the feed skips one': s => { s.feed.splice(6, 1); },
	'the feed out of order over customers': s => { [s.feed[6], s.feed[7]] = [s.feed[7], s.feed[6]]; },
	'a broker event where only customers\' were asked for': s => { s.few.push(s.feed[5]); },
};

for (const [name, plant] of Object.entries(plants)) {
	const s = scene();
	plant?.(s);
	const log = list => list.map(line => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n') + '\n';
	writeFileSync(`${folder}/outbox.csv`, s.rows.map(r => [r.position, r.id, r.customer, r.type, r.sequence, r.writer, r.no, r.drawn].join(',')).join('\n') + '\n');
	writeFileSync(`${folder}/committed`, s.committed.join('\n') + '\n');
	for (const sink of ['hook', 'feed', 'few']) writeFileSync(`${folder}/${sink}`, log(s[sink]));
	const answer = spawnSync(process.execPath, [judge, `${folder}/outbox.csv`, `${folder}/committed`,
		`hook:customer:all:${folder}/hook`, `feed:all:all:${folder}/feed`, `few:customer:customer:${folder}/few`], { encoding: 'utf8' });
	const right = answer.status === (plant ? 1 : 0) && /\d+ wrong\n$/.test(answer.stdout);
	if (!right) failed++;
	console.log(`${right ? 'noticed' : 'MISSED'} ${name}`);
}
process.exit(failed ? 1 : 0);
