// write_soap.mjs -- messages of npm `soap`, a SOAP library that knows nothing of us: what it answers as a server, inline and as a fault,
// and what it sends with attachments (MTOM), each caught as it came over the wire.
//
// usage: node write_soap.mjs FOLDER     writes document, inline.http, mtom.http, fault.http
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer, request } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const peers = new URL('../bench/peers/', import.meta.url);
const soap = createRequire(peers)('soap');
const wsdl = fileURLToPath(new URL('service.wsdl', peers));
const folder = process.argv[2];
const put = (name, bytes) => writeFileSync(join(folder, name), bytes);
// What a careless reader cuts short, lengthens or takes for a delimiter.
const document = Buffer.from('%PDF-1.4\r\n--b\r\n\0\xff\r\n\r\n', 'latin1');
const status = { StatusID: 'OK', Meldung: { ArtID: 'Hinweis', MeldungID: '04000', Text: 'Grüße & <mehr>' } };
const answer = data => ({ Response: { BiPROVersion: '2.6.1.1.0', Status: status, Lieferung: { ID: '70001', Kategorie: '140013000',
	AnzahlTransfers: 1, Transfer: { ArtID: '140013000', Datei: { Dateiname: 'Ä & <1>.pdf', Dateityp: 'Dokument', Daten: data },
		Sparte: '040', Versicherungsscheinnummer: '4711-Ü & <1>' } } } });

async function listening(server) {
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return `http://127.0.0.1:${server.address().port}/`;
}

async function bytes(stream) {
	const pieces = [];
	for await (const piece of stream)
		pieces.push(piece);
	return Buffer.concat(pieces);
}

const saved = (status, type, body) => Buffer.concat([
	Buffer.from(`HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`), body]);

// As a server: one answer, or a fault, to a getShipment of our own shape.
async function served(name, operation) {
	const server = createServer((_, refused) => refused.writeHead(404).end());
	const url = await listening(server);
	const xml = readFileSync(wsdl, 'utf8').replace('https://localhost/', `${url}transfer`);
	soap.listen(server, '/transfer', { TransferService: { Transfer: { getShipment: operation } } }, xml);
	const asking = request(`${url}transfer`, { method: 'POST', headers: { 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: '"urn:getShipment"' } });
	asking.end('<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><t:getShipment '
		+ 'xmlns:t="http://www.bipro.net/namespace/transfer"><t:ID>70001</t:ID></t:getShipment></s:Body></s:Envelope>');
	const [said] = await once(asking, 'response');
	put(name, saved(`${said.statusCode} ${said.statusMessage}`, said.headers['content-type'], await bytes(said)));
	server.close();
	server.closeAllConnections();
}

// As a client: the answer is what it sends, the document a part of it.
async function sent(name) {
	const server = createServer(async (came, reply) => {
		put(name, saved('200 OK', came.headers['content-type'], await bytes(came)));
		reply.writeHead(200, { 'Content-Type': 'text/xml' }).end('<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body/></s:Envelope>');
	});
	const url = await listening(server);
	const turned = readFileSync(wsdl, 'utf8').replace('element="tran:getShipment"', 'element="tran:getShipmentResponse"');
	put('turned.wsdl', turned);
	const client = await soap.createClientAsync(join(folder, 'turned.wsdl'), {}, url);
	const include = { $xml: '<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:d-1%40soap.example"/>' };
	await client.getShipmentAsync(answer(include), { forceMTOM: true,
		attachments: [{ mimetype: 'application/pdf', contentId: 'd-1@soap.example', name: 'd-1', body: document }] });
	server.close();
	server.closeAllConnections();
}

put('document', document);
await served('inline.http', () => answer(document.toString('base64')));
await served('fault.http', () => { throw { Fault: { faultcode: 'soap:Server', faultstring: 'Wartung bis 22 Uhr', detail: '' } }; });
await sent('mtom.http');
process.exit(0);
