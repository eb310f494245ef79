// Readers of the HTTP feed, one JSON line an event in the shape of vorpost-webhook's log, until the position in the file UNTIL.
// They come again whatever breaks off.
// usage: node reader.mjs feed|stream|group BASE_URL TOKEN LOG UNTIL
//   feed    cursor of its own, pages of random size, long poll; the cursor is LOG's last line at the start
//   stream  server-sent events, goes on with Last-Event-ID
//   group   the consumer `push`, whose position is acknowledged after the events are written down
import { existsSync, openSync, readFileSync, writeSync } from 'node:fs';

const [kind, base, token, logFile, untilFile] = process.argv.slice(2);
const log = openSync(logFile, 'a');
const headers = { Authorization: `Bearer ${token}` };
const sleep = ms => new Promise(done => setTimeout(done, ms));
const until = () => (existsSync(untilFile) ? Number(readFileSync(untilFile, 'utf8').trim() || Infinity) : Infinity);
const note = event => writeSync(log, JSON.stringify({ answer: 200, signature: 'valid', event }) + '\n');
let position = 0;

async function page(path) {
	const answer = await fetch(`${base}${path}`, { headers, signal: AbortSignal.timeout(20000) });
	if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
	const events = await answer.json();
	events.forEach(note);
	position = Number(answer.headers.get('vorpost-position'));
	return events.length;
}

async function feed() {
	await page(`/api/v1/events?after=${position}&types=all&limit=${1 + Math.floor(Math.random() * 400)}&wait=1`);
}

async function group() {
	await page(`/api/v1/consumers/push/events?limit=${1 + Math.floor(Math.random() * 200)}&types=customer&wait=1`);
	const answer = await fetch(`${base}/api/v1/consumers/push/ack`, {
		method: 'POST', headers: { ...headers, 'Content-Type': 'application/json' }, body: JSON.stringify({ position }),
		signal: AbortSignal.timeout(20000),
	});
	if (answer.status !== 200) throw new Error(`ack: ${answer.status} ${await answer.text()}`);
	await answer.text();
}

async function stream() {
	const answer = await fetch(`${base}/api/v1/events/stream?types=all&after=0`, { headers: position ? { ...headers, 'Last-Event-ID': String(position) } : headers });
	if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
	let text = '';
	for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
		text += piece;
		let end;
		while ((end = text.indexOf('\n\n')) >= 0) {
			block(text.slice(0, end));
			text = text.slice(end + 2);
		}
		if (position >= until()) process.exit(0);
	}
	throw new Error('the stream ended');
}

function block(text) {
	const field = name => text.split('\n').find(line => line.startsWith(`${name}: `))?.slice(name.length + 2);
	if (field('data')) note(JSON.parse(field('data')));
	if (field('id')) position = Number(field('id'));
}

while (position < until()) {
	try {
		await { feed, stream, group }[kind]();
	} catch (error) {
		console.log(`${kind} at ${position}: ${error.message}${error.cause ? ` (${error.cause.code})` : ''}`);
		await sleep(100);
	}
}
