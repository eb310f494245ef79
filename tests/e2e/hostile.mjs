// hostile.mjs -- a BiPRO server that shares nothing with the sandbox and says what no insurer should: an answer of its own
// making for every shipment id.
//
// usage: node hostile.mjs FOLDER [PORT_FILE]     (server.pem, server.key lie there)
//
// Writes FOLDER/port, FOLDER/calls (a JSON line a call), FOLDER/sent/ID (the body of every answer to getShipment) and FOLDER/misdeeds
// (a line for each answer that hung, dripped or flooded).
// https://localhost:PORT/SHELF/sts and /transfer; the shelves stand at the end of this file.
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:https';
import { join } from 'node:path';

const folder = process.argv[2], portFile = process.argv[3] ?? 'port';
const BIPRO = 'http://www.bipro.net/namespace/';
const TRUST = 'http://schemas.xmlsoap.org/ws/2005/02/';
const OPEN = `<?xml version="1.0" encoding="UTF-8"?>\n`;
const pdf = words => Buffer.from(`%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\n%%EOF\n${words ?? ''}`).toString('base64');
const PDF = pdf();

// ---- well-formed pieces ----

const envelope = body => `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:tran="${BIPRO}transfer"
 xmlns:n="${BIPRO}nachrichten" xmlns:allg="${BIPRO}allgemein" xmlns:gevo="${BIPRO}gevo" xmlns:tg="${BIPRO}transfer/gevo"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xmime="http://www.w3.org/2005/05/xmlmime"
 xmlns:own="http://eigen.example/"><s:Body>${body}</s:Body></s:Envelope>`;

const status = (ok, code) => `<n:BiPROVersion>2.6.1.1.0</n:BiPROVersion><n:Status><n:ProzessID>1</n:ProzessID>
 <n:Zeitstempel>2025-03-01T06:00:00</n:Zeitstempel><n:StatusID>${ok ? 'OK' : 'NOK'}</n:StatusID><n:Schwebe>false</n:Schwebe>
 <n:Meldung><n:ArtID>${ok ? 'Hinweis' : 'Fehler'}</n:ArtID><n:MeldungID>${code}</n:MeldungID><n:Text>so ist es</n:Text></n:Meldung></n:Status>`;

const head = (id, transfers) => `<tran:ID>${id}</tran:ID><tran:Einstellzeitpunkt>2025-03-01T05:00:00</tran:Einstellzeitpunkt>
 <tran:Kategorie>100007000</tran:Kategorie><tran:EnthaeltNurDaten>false</tran:EnthaeltNurDaten>
 <tran:AnzahlTransfers>${transfers}</tran:AnzahlTransfers>`;

const transfer = ({ number = '41 234 567 890', name = 'Brief.pdf', data = PDF, extra = '' } = {}) => `<tran:Transfer
 xsi:type="tg:CT_GeVoTransfer">${extra}<gevo:Erstelldatum>2025-03-01T05:00:00</gevo:Erstelldatum><gevo:ArtID>100007000</gevo:ArtID>
 <gevo:Datei>${extra}<allg:Dateiname>${name}</allg:Dateiname><allg:Dateityp>Dokument</allg:Dateityp>
 <allg:Daten xmime:contentType="application/pdf">${data}</allg:Daten></gevo:Datei>
 ${[number ?? []].flat().map(n => `<tran:Versicherungsscheinnummer>${n}</tran:Versicherungsscheinnummer>`).join('')}</tran:Transfer>`;

const delivery = (id, transfers, extra = '') => OPEN + envelope(`<tran:getShipmentResponse><tran:Response>${extra}${status(true, '04000')}
 <tran:Lieferung>${head(id, transfers.length)}${transfers.join('')}</tran:Lieferung></tran:Response></tran:getShipmentResponse>`);

const list = ids => OPEN + envelope(`<tran:listShipmentsResponse><tran:Response>${status(true, ids.length ? '04000' : '04001')}
 ${ids.map(id => `<tran:Lieferung>${head(id, 1)}</tran:Lieferung>`).join('')}</tran:Response></tran:listShipmentsResponse>`);

const acknowledged = OPEN + envelope(`<tran:acknowledgeShipmentResponse><tran:Response>${status(true, '04000')}</tran:Response></tran:acknowledgeShipmentResponse>`);

const token = OPEN + envelope(`<wst:RequestSecurityTokenResponse xmlns:wst="${TRUST}trust"><wst:TokenType>${TRUST}sc/sct</wst:TokenType>
 <wst:RequestedSecurityToken><wsc:SecurityContextToken xmlns:wsc="${TRUST}sc"><wsc:Identifier>bipro:tok-1</wsc:Identifier>
 </wsc:SecurityContextToken></wst:RequestedSecurityToken></wst:RequestSecurityTokenResponse>`);

const fault = code => OPEN + envelope(`<s:Fault><faultcode>s:Client</faultcode><faultstring>nein</faultstring><detail>
 <n:BiproException>${status(false, code)}</n:BiproException></detail></s:Fault>`);

// Root part and what follows it; an end only if wished.
const parts = (root, others, end = '--GRENZE--\r\n') => ['--GRENZE\r\nContent-Type: application/xop+xml; type="text/xml"\r\n' +
	`Content-ID: <root>\r\n\r\n${root}\r\n`, ...others.map(([id, bytes]) =>
	`--GRENZE\r\nContent-Type: application/pdf\r\nContent-ID: <${id}>\r\n\r\n${bytes}\r\n`), end].join('');
const MULTIPART = 'multipart/related; type="application/xop+xml"; start="<root>"; boundary="GRENZE"';
const include = id => `<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:${id}"/>`;

// ---- what comes for a shipment: a body, [content type, body], or a function that answers by itself ----

const unknown = '<own:Neu wert="1"><own:Transfer><own:ID>kein Transfer</own:ID></own:Transfer></own:Neu>';

const answers = {
	'GUT-1': delivery('GUT-1', [transfer()]),
	'GUT-2': delivery('GUT-2', [transfer()]),
	'ABGESCHNITTEN': delivery('ABGESCHNITTEN', [transfer()]).slice(0, -200),
	'FALSCHER-TYP': ['application/pdf', '%PDF-1.4 this is a document, not an answer'],
	'BASE64': delivery('BASE64', [transfer({ data: `${PDF.slice(0, 12)}*${PDF.slice(13)}` })]),
	'TEIL-FEHLT': [MULTIPART, parts(delivery('TEIL-FEHLT', [transfer({ data: include('brief@x') })]), [])],
	'VERWEIS': [MULTIPART, parts(delivery('VERWEIS', [transfer({ data: include('niemand@x') })]), [['brief@x', '%PDF-1.4']])],
	'OHNE-ENDE': [MULTIPART, parts(delivery('OHNE-ENDE', [transfer({ data: include('brief@x') })]), [['brief@x', '%PDF-1.4']], '')],
	'DOCTYPE': delivery('DOCTYPE', [transfer({ number: '&a;' })]).replace(OPEN, `${OPEN}<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>`),
	'ANDERE': delivery('GUT-1', [transfer()]),
	'SEITE': ['text/html', '<!doctype html><title>Wartung</title>'],
	'ZWEIMAL': delivery('ZWEIMAL', [transfer()]),
	'LEERE-NUMMER': delivery('LEERE-NUMMER', [transfer({ number: '' })]),
	'OHNE-NUMMER': delivery('OHNE-NUMMER', [transfer({ number: null })]),
	'PFAD': delivery('PFAD', [transfer({ name: '../../../../../../tmp/vorpost-hostile-was-here' })]),
	'ZEICHEN': delivery('ZEICHEN', [transfer({ name: 'a&#9;b&#10;c&#155;31m&#x202E;fdp.exe' })]),
	'LANG': delivery('LANG', [transfer({ name: 'ü'.repeat(150) })]),
	'UNBEKANNT': delivery('UNBEKANNT', [transfer({ extra: unknown })], unknown),
	'TROPFT': drip,
	'FLUT': flood,
	'NAME-1': delivery('NAME-1', [transfer({ number: '41 999 888 777' })]),
	'NAME-2': delivery('NAME-2', [transfer({ number: '41.999.888.777' })]),
	'WARTET-1': delivery('WARTET-1', [transfer({ number: '41 222 333 444', data: pdf(1) })]),
	'WARTET-2': delivery('WARTET-2', [transfer({ number: '41 999 888 777', data: pdf(2) })]),
	'WARTET-3': delivery('WARTET-3', [transfer({ number: '41.999.888.777', data: pdf(3) })]),
	'WARTET-4': delivery('WARTET-4', [transfer({ number: 'LX-004711', data: pdf(4) })]),
	'ZWEI-1': delivery('ZWEI-1', [transfer({ number: ['41 111 222 333', '41 222 333 444'], data: pdf(5) })]),
	'ZWEI-2': delivery('ZWEI-2', [transfer({ number: ['41 111 222 333', '41 333 444 555'], data: pdf(6) })]),
	// Asks a reader of a test build to do what one that was taken over would (ingest/reading_plant.c).
	...Object.fromEntries(['SOCKET', 'CREATE', 'EXECUTE', 'FORK'].map(what =>
		[what, [`text/xml; x-plant=${what.toLowerCase()}`, delivery(what, [transfer()])]])),
	'GROSS': (request, response) => large('GROSS', 60 << 20, response),
	'KLEIN': (request, response) => large('KLEIN', 1 << 20, response),
};

// When it is over, how long an answer was bad and how many bytes went out: a line "KIND BEGAN_MS ENDED_MS BYTES" in FOLDER/misdeeds.
// What it gives back writes, and counts.
function misdeed(kind, response) {
	const began = Date.now();
	let bytes = 0;
	response.on('close', () => appendFileSync(join(folder, 'misdeeds'), `${kind} ${began} ${Date.now()} ${bytes}\n`));
	return piece => (bytes += piece.length, response.write(piece));
}

// Rubbish without an end, 10 MB a second.
function flood(request, response) {
	const block = Buffer.alloc(1 << 20, 'A'), write = misdeed('flooding', response);
	response.writeHead(200, { 'content-type': 'text/xml' });
	response.write(delivery('FLUT', [transfer({ data: '@' })]).split('@')[0]);
	const timer = setInterval(() => response.writableNeedDrain || write(block), 100);
	response.on('close', () => clearInterval(timer));
}

function drip(request, response) {
	const write = misdeed('dripping', response);
	response.writeHead(200, { 'content-type': 'text/xml' });
	response.write(OPEN);
	const timer = setInterval(() => write(' '), 100);
	response.on('close', () => clearInterval(timer));
}

// A document of so many bytes and how it is written, inline in base64 or as a part of its own; its last bytes wait until the
// test has looked.
const forms = {
	inline: id => ({ type: 'text/xml; charset=utf-8', ends: delivery(id, [transfer({ data: '@' })]).split('@'), coded: block => block.toString('base64') }),
	mtom: id => ({ type: MULTIPART, ends: parts(delivery(id, [transfer({ data: include('brief@x') })]), [['brief@x', '@@']]).split('@@'), coded: block => Buffer.from(block) }),
};

function large(id, bytes, response, form = 'inline') {
	const { type, ends: [before, after], coded } = forms[form](id);
	const block = Buffer.alloc(3 * 1024 * 16);
	const sum = createHash('sha256');
	const blocks = Math.ceil(bytes / block.length);
	let left = blocks;
	response.writeHead(200, { 'content-type': type });
	response.write(before);
	const more = () => {
		while (left-- > 0) {
			for (let i = 0; i < block.length; i += 4096)
				block.writeUInt32BE((left * 7919 + i) >>> 0, i);
			if (left === blocks - 1)
				block.write('%PDF-1.4\n'); // such are looked into
			sum.update(block);
			if (!response.write(coded(block)))
				return void response.once('drain', more);
		}
		writeFileSync(join(folder, `${id}.sha256`), sum.digest('hex'));
		const timer = setInterval(() => {
			if (!existsSync(join(folder, `${id}.release`)))
				return;
			clearInterval(timer);
			response.end(after);
		}, 50);
	};
	more();
}

const shelves = {
	hostile: ['GUT-1', 'ABGESCHNITTEN', 'FALSCHER-TYP', 'BASE64', 'TEIL-FEHLT', 'VERWEIS', 'OHNE-ENDE', 'DOCTYPE', 'ANDERE', 'SEITE',
		'ZWEIMAL', 'ZWEIMAL', 'LEERE-NUMMER', 'OHNE-NUMMER', 'PFAD', 'ZEICHEN', 'LANG', 'UNBEKANNT', 'GUT-2'],
	locked: ['GUT-1'],
	hanging: ['GUT-1'],
	dripping: ['TROPFT', 'GUT-1'],
	well: ['GUT-1', 'GUT-2'],
	calm: ['GUT-1', 'GUT-2'],
	flooding: ['FLUT'],
	names: ['NAME-1'],
	waiting: ['WARTET-1', 'WARTET-2', 'WARTET-3', 'WARTET-4'],
	several: ['ZWEI-1', 'ZWEI-2'],
	planted: ['GUT-1', 'SOCKET', 'CREATE', 'EXECUTE', 'FORK', 'GUT-2'],
	'planted-bare': ['GUT-1', 'SOCKET', 'CREATE', 'EXECUTE', 'FORK', 'GUT-2'],
	large: ['GROSS'],
	small: ['KLEIN'],
};

// ---- serving ----

// Shelves inline-BYTES and mtom-BYTES have one document of that size, by their own name; each-COUNT-NAME so many of 50 kB.
const sized = shelf => shelf.match(/^(inline|mtom)-([0-9]+)$/);
const several = shelf => shelf.match(/^each-([0-9]+)-/);
const shelved = shelf => (sized(shelf) ? [shelf] : several(shelf) ? Array.from({ length: several(shelf)[1] }, (_, i) => `BRIEF-${i}`) : shelves[shelf]);
const LETTER = randomBytes(51200).toString('base64');
const done = new Map(Object.keys(shelves).map(name => [name, new Set()]));
mkdirSync(join(folder, 'sent'), { recursive: true });

function waiting(shelf) {
	const late = existsSync(join(folder, 'next')) && shelf === 'names' ? ['NAME-2'] : []; // post that arrives later
	return [...shelved(shelf), ...late].filter(id => !done.get(shelf)?.has(id));
}

function send(response, code, body, type = 'text/xml; charset=utf-8') {
	const bytes = Buffer.from(body);
	response.writeHead(code, { 'content-type': type, 'content-length': bytes.length }).end(bytes);
}

function get(id, request, response) {
	if (id.startsWith('BRIEF-'))
		return send(response, 200, delivery(id, [transfer({ data: LETTER })]));
	if (sized(id))
		return large(id, Number(sized(id)[2]), response, sized(id)[1]);
	const answer = answers[id];
	if (typeof answer === 'function')
		return answer(request, response);
	const [type, body] = Array.isArray(answer) ? answer : [undefined, answer];
	writeFileSync(join(folder, 'sent', id), body);
	send(response, 200, body, type);
}

function answer(shelf, service, text, request, response) {
	const operation = text.match(/<(?:[\w-]+:)?(listShipments|getShipment|acknowledgeShipment)[\s>]/)?.[1] ??
		(text.includes('/Cancel') ? 'logout' : 'login');
	const id = text.match(/<(?:[\w-]+:)?ID>([^<]*)</)?.[1] ?? null;
	appendFileSync(join(folder, 'calls'), `${JSON.stringify({ shelf, operation, id })}\n`);
	if (operation === 'login' && (sized(shelf) || several(shelf)))
		done.delete(shelf); // whoever logs in finds it anew
	if (service === 'sts')
		return shelf === 'locked' ? send(response, 500, fault('00961')) : send(response, 200, token);
	if (shelf === 'hanging')
		return void misdeed('hanging', response);
	if (operation === 'listShipments')
		return send(response, 200, list(waiting(shelf)));
	if (operation === 'getShipment')
		return get(id, request, response);
	done.set(shelf, (done.get(shelf) ?? new Set()).add(id));
	send(response, 200, acknowledged);
}

const server = createServer({ cert: readFileSync(join(folder, 'server.pem')), key: readFileSync(join(folder, 'server.key')) },
	(request, response) => {
		const [, shelf, service] = request.url.split('/');
		const pieces = [];
		request.on('data', piece => pieces.push(piece));
		request.on('end', () => (shelved(shelf) ? answer(shelf, service, Buffer.concat(pieces).toString(), request, response)
			: send(response, 404, 'nobody')));
	});
server.listen(0, '127.0.0.1', () => {
	writeFileSync(join(folder, `${portFile}.new`), `${server.address().port}\n`);
	renameSync(join(folder, `${portFile}.new`), join(folder, portFile));
});
