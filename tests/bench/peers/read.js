// read.js BASE CA SECONDS LIST: npm's `soap`, decoded and hashed. Prints "READ SECONDS WRONG" as bench_read does.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { fileURLToPath } from 'node:url';
import soap from 'soap';

const [base, ca, seconds, list] = process.argv.slice(2);
const entries = readFileSync(list, 'utf8').trim().split('\n').map((line) => line.split(' '));
const mtom = entries[0][0].startsWith('/mtom/');
const client = await soap.createClientAsync(fileURLToPath(new URL('service.wsdl', import.meta.url)), {
	parseReponseAttachments: mtom,
});
const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: readFileSync(ca) });

function bytesOf(answer) {
	if (mtom)
		return client.lastResponseAttachments.parts[0].body;
	return Buffer.from(answer.Response.Lieferung.Transfer.Datei.Daten, 'base64');
}

let read = 0, wrong = 0, began = 0, now = 0;
for (let i = 0; ; i++) {
	const [path, sha256] = entries[i % entries.length];
	client.setEndpoint(base + path);
	const [answer] = await client.getShipmentAsync({ ID: 'SE00000001' }, { httpsAgent: agent, forever: true });
	if (createHash('sha256').update(bytesOf(answer)).digest('hex') !== sha256)
		wrong++;
	now = performance.now();
	if (i + 1 === entries.length)
		began = now;
	else if (began)
		read++;
	if (began && now - began >= Number(seconds) * 1000)
		break;
}
console.log(read, ((now - began) / 1000).toFixed(3), wrong);
process.exit(0);
