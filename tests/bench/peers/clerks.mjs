// clerks.mjs -- what clerks ask the API: one after the other for the time of each question, 200 at once by autocannon.
// usage: clerks.mjs URL one          the bearer token comes in VORPOST_TOKEN; prints one line a question
//        clerks.mjs URL many CLERKS     as fast as answers come
//        clerks.mjs URL paced CLERKS    as people do: something every BENCH_CLERK_PAUSE seconds each
import { readFileSync } from 'node:fs';
import http from 'node:http';
import autocannon from 'autocannon';

const [url, mode] = process.argv.slice(2);
const headers = { authorization: `Bearer ${process.env.VORPOST_TOKEN}` };
const each = Number(process.env.BENCH_ASKED ?? 200);
const seconds = Number(process.env.BENCH_CLERK_SECONDS ?? 30);
const pause = Number(process.env.BENCH_CLERK_PAUSE ?? 5) * 1000;
const questions = [
	['queue by lead', '/api/v1/queue?sort=lead&limit=50'],
	['queue by age', '/api/v1/queue?sort=age&limit=50'],
	['queue of one insurer', '/api/v1/queue?insurer=seeufer&limit=50'],
	['queue of one reason', '/api/v1/queue?reason=number_unknown&limit=50'],
	['queue of nobody', '/api/v1/queue?assignee=none&limit=50'],
	['queue, searched by a number', '/api/v1/queue?q=ZZ-9917&limit=50'],
	['queue, searched by a common word', '/api/v1/queue?q=rechnung&limit=50'],
	['queue, searched inside', '/api/v1/queue?q=fahrzeugschein+9917&limit=50'],
	['queue, searched while typing', '/api/v1/queue?q=fahrz&limit=50'],
	['contracts by birth date', '/api/v1/contracts?q=15.04.1961'],
	['counts', '/api/v1/queue/counts'],
];
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

const ask = (path) =>
	new Promise((done, failed) => {
		const start = process.hrtime.bigint();
		http.get(url + path, { agent, headers }, (answer) => {
			answer.resume();
			answer.on('end', () => (answer.statusCode === 200 ? done(Number(process.hrtime.bigint() - start) / 1e6) : failed(new Error(`${path}: ${answer.statusCode}`))));
		}).on('error', failed);
	});

async function one() {
	for (const [name, path] of questions) {
		const ms = [];
		for (let i = 0; i < each; i++) ms.push(await ask(path));
		ms.sort((a, b) => a - b);
		console.log(`${name.replace(/ /g, '_')} ${ms[Math.floor(each * 0.5)].toFixed(2)} ${ms[Math.floor(each * 0.95)].toFixed(2)}`);
	}
	agent.destroy();
}

const at_share = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
const LIST = '/api/v1/queue?sort=lead&limit=20';
const DECISION = JSON.stringify({ version: 1, reason: 'other' });

async function sessions(clerks) {
	for (const clerk of clerks) {
		const me = await fetch(`${url}/api/v1/me`, { headers: { cookie: `vorpost_session=${clerk.cookie}` } });
		if (me.status !== 200) throw new Error(`me: ${me.status} ${await me.text()}`);
		clerk.head = { cookie: `vorpost_session=${clerk.cookie}`, 'x-csrf-token': (await me.json()).csrf };
	}
}

function kinds_print(ms) {
	for (const [kind, took] of Object.entries(ms)) {
		const sorted = took.sort((a, b) => a - b);
		console.log(`${kind} ${sorted.length} ${at_share(sorted, 0.5).toFixed(0)} ${at_share(sorted, 0.95).toFixed(0)}`);
	}
}

// Each of 200 clerks with a session and documents of his own: the list, a document, its decision, and again.
// clerks: a line each, the cookie's value and his documents, parted by blanks. Prints the kinds of requests, then all.
async function many(clerks) {
	await sessions(clerks);
	const kinds = ['queue', 'document', 'decision'], ms = { queue: [], document: [], decision: [] };
	const waiting = [...clerks];
	const setupClient = (client) => {
		const { head, documents } = waiting.pop();
		const asked = []; // of what kind each answer is that comes next
		let at = -1;
		const turn = (kind, make) => ({ setupRequest: (request) => (asked.push(kind), { ...request, headers: head, ...make() }) });
		const list = () => ({ method: 'GET', path: LIST, body: undefined });
		client.setRequests([
			turn('queue', list),
			turn('document', () => ({ method: 'GET', path: `/api/v1/documents/${documents[++at % documents.length]}`, body: undefined })),
			turn('decision', () => {
				if (at >= documents.length) throw new Error('a clerk has nothing left to decide');
				return { method: 'POST', path: `/api/v1/documents/${documents[at]}/ignore`, headers: { ...head, 'content-type': 'application/json' }, body: DECISION };
			}),
		]);
		client.on('response', (status, bytes, took) => ms[asked.shift()].push(took));
	};
	const said = await autocannon({ url, connections: clerks.length, duration: seconds, timeout: 30, setupClient });
	kinds_print(ms);
	const all = Object.values(ms).flat().sort((a, b) => a - b);
	console.log(`all ${said.requests.total} ${said.requests.average.toFixed(1)} ${at_share(all, 0.5).toFixed(0)} ${at_share(all, 0.95).toFixed(0)} ${said.errors + said.timeouts + said.non2xx}`);
}

// The same three in turn, one every few seconds, each clerk beginning at another moment. The time counts from when the clerk
// wanted it, so that waiting behind others counts. His documents are those of the end of his list: `many` decides from the front.
async function paced(clerks) {
	await sessions(clerks);
	const ms = { queue: [], document: [], decision: [] };
	const people = new http.Agent({ keepAlive: true, maxSockets: clerks.length });
	const began = Date.now(), until = began + seconds * 1000;
	let errors = 0;
	const send = (wanted, kind, path, head, body) =>
		new Promise((done) => {
			const failed = () => (errors++, done());
			http.request(url + path, { agent: people, method: body ? 'POST' : 'GET', headers: head, timeout: 30000 }, (answer) => {
				answer.resume();
				answer.on('end', () => {
					if (answer.statusCode !== 200) return failed();
					ms[kind].push(performance.timeOrigin + performance.now() - wanted);
					done();
				});
			}).on('error', failed).on('timeout', function () { this.destroy(new Error('timeout')); }).end(body);
		});
	const clerk = async ({ head, documents }, no) => {
		let turn = no; // not all begin with the list
		for (let next = Date.now() + (no * pause) / clerks.length; next < until; next += pause, turn++) {
			const document = documents[documents.length - 1 - Math.floor((turn - no) / 3)];
			await new Promise((done) => setTimeout(done, Math.max(0, next - Date.now())));
			if (turn % 3 === 0) await send(next, 'queue', LIST, head);
			else if (turn % 3 === 1) await send(next, 'document', `/api/v1/documents/${document}`, head);
			else await send(next, 'decision', `/api/v1/documents/${document}/ignore`, { ...head, 'content-type': 'application/json', 'content-length': DECISION.length }, DECISION);
		}
	};
	await Promise.all(clerks.map(clerk));
	people.destroy();
	const all = Object.values(ms).flat().sort((a, b) => a - b);
	kinds_print(ms);
	console.log(`all ${all.length} ${((all.length * 1000) / (Date.now() - began)).toFixed(1)} ${at_share(all, 0.5).toFixed(0)} ${at_share(all, 0.95).toFixed(0)} ${errors}`);
}

const clerks_of = (file) =>
	readFileSync(file, 'utf8').trim().split('\n').map((line) => {
		const [cookie, ...documents] = line.split(' ');
		return { cookie, documents };
	});

await { one: () => one(), many: () => many(clerks_of(process.argv[4])), paced: () => paced(clerks_of(process.argv[4])) }[mode]();
