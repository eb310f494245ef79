// A webhook receiver that is often not well: of its answers some 20 % are failures of every kind or late. It writes the line
// of vorpost-webhook's log before it answers. Signatures are checked with node's own crypto.
// usage: node receiver.mjs PORT SECRET_FILE LOG
import { createServer } from 'node:http';
import { createHmac } from 'node:crypto';
import { openSync, readFileSync, writeSync } from 'node:fs';

const [port, secretFile, logFile] = process.argv.slice(2);
const key = Buffer.from(readFileSync(secretFile, 'utf8').trim().slice('whsec_'.length), 'base64');
const log = openSync(logFile, 'a');

function signature(headers, body) {
	const mine = 'v1,' + createHmac('sha256', key).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`).update(body).digest('base64');
	return (headers['webhook-signature'] ?? '').split(' ').includes(mine) ? 'valid' : 'invalid';
}

// Status 0: the connection is closed without an answer.
function mood() {
	const n = Math.random();
	if (n < 0.08) return { status: 500, wait: 0 };
	if (n < 0.11) return { status: 422, wait: Math.random() * 300 };
	if (n < 0.13) return { status: 0, wait: 0 };
	if (n < 0.20) return { status: 204, wait: Math.random() * 400 };
	if (n < 0.201) return { status: 503, wait: 0 };
	return { status: 204, wait: 0 };
}

createServer((request, response) => {
	const pieces = [];
	request.on('error', () => {});
	request.on('data', piece => pieces.push(piece));
	request.on('end', () => {
		const body = Buffer.concat(pieces);
		const { status, wait } = mood();
		let event = null;
		try { event = JSON.parse(body); } catch { /* the judge sees null */ }
		setTimeout(() => {
			writeSync(log, JSON.stringify({ id: request.headers['webhook-id'], signature: signature(request.headers, body), answer: status, event }) + '\n');
			if (status === 0) request.socket.destroy();
			else response.writeHead(status).end();
		}, wait);
	});
}).listen(Number(port), '127.0.0.1', () => console.log('listening'));
