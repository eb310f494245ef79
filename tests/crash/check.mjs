// check.mjs -- judges what Vorpost did by what others saw: the insurer's call log and shelf, the database, the document
// store, the receiver's log. It shares no code with what it judges.
//
// usage: node check.mjs --db CONNINFO --broker NAME --documents FOLDER --sandbox FOLDER --log FILE
//                       [--received FILE] [--truth FILE] [--midway]
//
// --midway   work may be unfinished (a process was just killed): only what must hold at every moment
// --truth    the generator's truth.csv: nothing filed at a wrong contract, what must queue queues
//
// Prints a line for each violation and exits 1, or one line of counts and exits 0. A connection has its insurer's name.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const sha256 = bytes => createHash('sha256').update(bytes).digest('hex');
const lines = path => (existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : []);
const jsonLines = path => lines(path).map(line => JSON.parse(line));
const key = (connection, shipment) => `${connection} ${shipment}`;

// ---- what was seen ----

// The database's own clock says when a row was committed (track_commit_timestamp); a row that was changed since tells
// nothing about its first commit, hence version 1 only.
const FACTS = `select json_build_object(
	'shipments', (select coalesce(json_agg(json_build_object('connection', connection, 'id', shipment_id, 'state', state,
		'refusal', refusal, 'raw', raw_sha256, 'attempts', attempts)), '[]') from shipment where broker = :'broker'),
	'documents', (select coalesce(json_agg(json_build_object('document_id', document_id, 'connection', connection,
		'shipment', shipment_id, 'transfer', transfer_no, 'file', file_no, 'size', size, 'sha256', sha256, 'state', state,
		'contract', contract_id, 'tier', tier, 'reason', reason, 'by', decided_by, 'version', version, 'duplicate_of', duplicate_of,
		'committed', case when version = 1 and current_setting('track_commit_timestamp') = 'on'
			then floor(extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000) end)), '[]')
		from document where broker = :'broker'),
	'events', (select coalesce(json_agg(json_build_object('id', id, 'position', position, 'type', type, 'payload', payload)
		order by position nulls last, occurred_at, id), '[]') from event where broker = :'broker'),
	'contracts', (select coalesce(json_agg(contract_id), '[]') from contract where broker = :'broker'))`;

export function factsRead(conninfo, broker) {
	const out = execFileSync('psql', ['-qAtX', '-v', 'ON_ERROR_STOP=1', '-v', `broker=${broker}`, conninfo],
		{ input: FACTS, encoding: 'utf8', maxBuffer: 1 << 30 });
	return JSON.parse(out);
}

// One insurer's shelf: what it has to give, byte for byte, and what was acknowledged to it.
function shelfRead(folder) {
	const shipments = new Map();
	for (const shipment of jsonLines(join(folder, 'shipments.jsonl'))) {
		const documents = new Map();
		(shipment.transfers ?? []).forEach((transfer, t) => {
			const files = transfer.files ?? [];
			if (!files.length)
				documents.set(`${t + 1}.0`, null); // data only: kept as the answer was, which nobody can foretell
			files.forEach((file, f) => {
				const path = join(folder, 'documents', file.path ?? '');
				documents.set(`${t + 1}.${f + 1}`, file.path && existsSync(path) ? sha256(readFileSync(path)) : null);
			});
		});
		shipments.set(shipment.id, documents);
	}
	return { shipments, acknowledged: lines(join(folder, 'acknowledged')) };
}

export function sandboxRead(folder) {
	const shelves = new Map();
	for (const name of readdirSync(folder))
		if (existsSync(join(folder, name, 'shipments.jsonl')))
			shelves.set(name, shelfRead(join(folder, name)));
	return shelves;
}

export const storeAt = folder => digest => {
	const path = join(folder, digest.slice(0, 2), digest);
	return existsSync(path) ? readFileSync(path) : null;
};

function csvRows(text) {
	const [head, ...rows] = text.trimEnd().split('\n').map(line =>
		[...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(m => m[1].replace(/^"|"$/g, '').replaceAll('""', '"')));
	return rows.map(row => Object.fromEntries(head.map((name, i) => [name, row[i]])));
}

export const truthRead = path => csvRows(readFileSync(path, 'utf8'));

// ---- judging: each rule takes what was seen and a way to complain ----

// An acknowledged shipment is gone at the insurer: everything of it must be here, byte for byte.
function nothingLost({ facts, shelves, store }, complain) {
	const shipments = new Map(facts.shipments.map(s => [key(s.connection, s.id), s]));
	const documents = new Map(facts.documents.map(d => [`${key(d.connection, d.shipment)} ${d.transfer}.${d.file}`, d]));
	for (const [insurer, shelf] of shelves)
		for (const id of shelf.acknowledged) {
			const state = shipments.get(key(insurer, id))?.state;
			if (!['stored', 'acknowledged'].includes(state))
				complain(`lost: ${insurer} ${id} is acknowledged at the insurer but ${state ?? 'unknown'} here`);
			for (const [number, digest] of shelf.shipments.get(id) ?? []) {
				const document = documents.get(`${key(insurer, id)} ${number}`);
				if (!document)
					complain(`lost: ${insurer} ${id} is acknowledged but its document ${number} is not in the database`);
				else if (digest && document.sha256 !== digest)
					complain(`lost: document ${number} of ${insurer} ${id} is not what the insurer has`);
			}
		}
	for (const d of facts.documents) {
		const bytes = store(d.sha256);
		if (!bytes)
			complain(`lost: the file of document ${d.transfer}.${d.file} of ${d.connection} ${d.shipment} is missing`);
		else if (bytes.length !== Number(d.size) || sha256(bytes) !== d.sha256)
			complain(`lost: the file of document ${d.transfer}.${d.file} of ${d.connection} ${d.shipment} has other bytes`);
	}
}

function nothingTwice({ facts, shelves }, complain) {
	const seen = new Set();
	for (const d of facts.documents) {
		const name = `${key(d.connection, d.shipment)} ${d.transfer}.${d.file}`;
		if (seen.has(name))
			complain(`twice: document ${name}`);
		seen.add(name);
		if (!shelves.get(d.connection)?.shipments.get(d.shipment)?.has(`${d.transfer}.${d.file}`))
			complain(`invented: document ${name} is not one of the insurer's`);
	}
	const state = new Map(facts.shipments.map(s => [key(s.connection, s.id), s.state]));
	for (const d of facts.documents)
		if (!['stored', 'acknowledged'].includes(state.get(key(d.connection, d.shipment))))
			complain(`half done: ${d.connection} ${d.shipment} is ${state.get(key(d.connection, d.shipment))} but has documents`);
}

function acknowledgedInOrder({ facts, shelves, log }, complain) {
	const committed = new Map(), got = new Set(), acknowledged = new Set();
	for (const d of facts.documents)
		if (d.committed !== null)
			committed.set(key(d.connection, d.shipment), Math.max(committed.get(key(d.connection, d.shipment)) ?? 0, d.committed));
	for (const call of log) {
		const name = key(call.insurer, call.shipment);
		if (call.operation === 'getShipment' && call.outcome === 'ok')
			got.add(name);
		if (call.outcome !== 'acknowledged')
			continue;
		if (!got.has(name))
			complain(`order: ${name} was acknowledged before it was fetched`);
		if (acknowledged.has(name))
			complain(`order: ${name} was acknowledged twice`);
		acknowledged.add(name);
		if (committed.has(name) && Date.parse(call.time) < committed.get(name))
			complain(`order: ${name} was acknowledged ${committed.get(name) - Date.parse(call.time)} ms before the commit`);
	}
	for (const s of facts.shipments) {
		const there = shelves.get(s.connection);
		if (!there?.shipments.has(s.id))
			complain(`invented: shipment ${key(s.connection, s.id)}`);
		if (s.state === 'acknowledged' && !there?.acknowledged.includes(s.id))
			complain(`order: ${key(s.connection, s.id)} is marked acknowledged but the insurer knows nothing of it`);
		if (s.state === 'quarantined' && there?.acknowledged.includes(s.id))
			complain(`order: ${key(s.connection, s.id)} is in quarantine but was acknowledged`);
	}
}

function quarantineKeepsBytes({ facts, store }, complain) {
	for (const s of facts.shipments) {
		if (s.state !== 'quarantined')
			continue;
		if (!s.refusal?.includes(s.id.slice(0, 10)) || !s.refusal.includes(s.connection))
			complain(`quarantine: ${key(s.connection, s.id)} has no reason that names it: ${s.refusal}`);
		const bytes = s.raw && store(s.raw);
		if (!bytes || sha256(bytes) !== s.raw)
			complain(`quarantine: ${key(s.connection, s.id)} is without its raw bytes`);
		const told = facts.events.filter(e => e.type === 'shipment.quarantined' && e.payload.shipment_id === s.id &&
			e.payload.connection === s.connection);
		if (told.length !== 1)
			complain(`events: ${told.length} events tell of the quarantine of ${key(s.connection, s.id)}`);
	}
}

const FIRST = ['document.attached', 'document.unmatched'];
const FOR_THE_BROKER = [...FIRST, 'document.detached'];

function everyDocumentTold({ facts }, complain) {
	const told = new Map();
	for (const e of facts.events)
		if (FOR_THE_BROKER.includes(e.type))
			told.set(e.payload.document_id, [...(told.get(e.payload.document_id) ?? []), e]);
	const documents = new Map(facts.documents.map(d => [d.document_id, d]));
	for (const d of facts.documents) {
		const events = told.get(d.document_id) ?? [];
		const attached = events.at(-1)?.type;
		const first = documents.get(d.duplicate_of);
		if (d.duplicate_of && (d.state !== 'filed' || first?.state !== 'filed' || first.duplicate_of ||
				first.sha256 !== d.sha256 || first.contract !== d.contract))
			complain(`events: document ${d.document_id} is no duplicate of ${d.duplicate_of}`);
		if (d.duplicate_of && !events.length)
			continue; // the same bytes came before, and of those was told
		told.delete(d.document_id);
		if (!events.length)
			complain(`events: nobody was told of document ${d.document_id}`);
		else if (d.version === 1 && events.length > 1)
			complain(`events: ${events.length} events for document ${d.document_id}, which nobody changed`);
		else if (!FIRST.includes(events[0].type))
			complain(`events: document ${d.document_id} begins with ${events[0].type}`);
		else if ((d.state === 'filed') !== (attached === 'document.attached') && d.state !== 'ignored')
			complain(`events: document ${d.document_id} is ${d.state} but the last word was ${attached}`);
		else if (d.state === 'filed' && events.at(-1).payload.contract_id !== d.contract)
			complain(`events: document ${d.document_id} is filed elsewhere than was told`);
	}
	for (const id of told.keys())
		complain(`events: document ${id} was told of but is not there`);
}

// What a customer hears of a document that nobody touched: its release if it was certain and is for customers as shipped,
// once, at his own contract, with at most one event of what it announces; else nothing. No rules are set in these rounds.
const ASKED = ['legal', 'key_change', 'information', 'inquiry', 'complaint', 'campaign'];
const NOT_FOR_CUSTOMERS = ['mandate', 'settlement', 'gdv_stock', 'gdv_data'];
const FOR_THE_BROKER_ONLY = ['140012090', '140012091', '140012092', '140012093', '140012094'];
const AT_ONCE = ['exact', 'picture'];
const ANNOUNCED = ['policy.issued', 'invoice.issued', 'endorsement.issued', 'arrears.notified', 'cancellation.confirmed',
	'claim.document.added'];
const FOR_CUSTOMERS = ['document.released', 'document.withdrawn', 'document.reassigned', ...ANNOUNCED];

function releasedAtOnce(attached) {
	const { category, tier, business_case, customer_id } = attached.payload;
	return Boolean(customer_id) && AT_ONCE.includes(tier) && !ASKED.includes(category) &&
		!NOT_FOR_CUSTOMERS.includes(category) && !FOR_THE_BROKER_ONLY.includes(business_case);
}

function customersTold({ facts, midway }, complain) {
	const told = new Map(), documents = new Map(facts.documents.map(d => [d.document_id, d]));
	for (const e of facts.events)
		if (FOR_CUSTOMERS.includes(e.type)) {
			told.set(e.payload.document_id, [...(told.get(e.payload.document_id) ?? []), e]);
			if (documents.get(e.payload.document_id)?.version === 1 && documents.get(e.payload.document_id).state !== 'filed')
				complain(`customers: ${e.type} about document ${e.payload.document_id}, which is filed nowhere`);
		}
	for (const attached of facts.events.filter(e => e.type === 'document.attached')) {
		const { document_id, contract_id, customer_id } = attached.payload;
		const events = told.get(document_id) ?? [];
		if (documents.get(document_id)?.version !== 1 || (midway && !events.length))
			continue;
		const released = events.filter(e => e.type === 'document.released').length;
		if (released !== Number(releasedAtOnce(attached)))
			complain(`customers: document ${document_id} was released ${released} times`);
		if (events.filter(e => ANNOUNCED.includes(e.type)).length > 1)
			complain(`customers: document ${document_id} announces more than one thing`);
		if (events.some(e => !ANNOUNCED.includes(e.type) && e.type !== 'document.released'))
			complain(`customers: document ${document_id} was corrected, though nobody changed it`);
		for (const e of events)
			if (e.payload.contract_id !== contract_id || e.payload.customer_id !== customer_id)
				complain(`customers: ${e.type} about document ${document_id} went to another customer or contract`);
	}
}

function numberedWithoutGap({ facts, midway }, complain) {
	const numbered = facts.events.filter(e => e.position !== null);
	numbered.forEach((e, i) => {
		if (Number(e.position) !== i + 1)
			complain(`events: position ${e.position} stands at place ${i + 1}`);
	});
	if (!midway && numbered.length !== facts.events.length)
		complain(`events: ${facts.events.length - numbered.length} are without a position`);
}

// At least once, valid, for each customer (partitionkey) in order of position; repetitions may come.
function everyEventReceived({ facts, received, broker, midway }, complain) {
	const position = new Map(facts.events.map(e => [e.id, e.position === null ? null : Number(e.position)]));
	const taken = new Set(), last = new Map();
	for (const call of received) {
		if (call.event?.source !== `//vorpost/${broker}`)
			continue;
		const at = position.get(call.id);
		if (call.signature !== 'valid')
			complain(`received: event ${call.id} with a signature that is ${call.signature}`);
		if (at === undefined || at === null)
			complain(`received: event ${call.id}, which is ${at === undefined ? 'not there' : 'without a position'}`);
		else if (Number(call.event.sequence) !== at)
			complain(`received: event ${call.id} as number ${call.event.sequence}, it is ${at}`);
		if (call.answer < 200 || call.answer > 299 || taken.has(call.id))
			continue;
		const lane = call.event.partitionkey, before = last.get(lane) ?? 0;
		if (at < before)
			complain(`received: event ${at} after event ${before}`);
		last.set(lane, Math.max(before, at ?? 0));
		taken.add(call.id);
	}
	for (const e of facts.events)
		if (!midway && !taken.has(e.id))
			complain(`received: event ${e.position} (${e.type}) never came`);
}

function everythingDone({ facts, shelves, midway }, complain) {
	const shipments = new Map(facts.shipments.map(s => [key(s.connection, s.id), s]));
	if (midway)
		return;
	for (const [insurer, shelf] of shelves)
		for (const id of shelf.shipments.keys()) {
			const s = shipments.get(key(insurer, id));
			if (s?.state !== 'quarantined' && !(s?.state === 'acknowledged' && shelf.acknowledged.includes(id)))
				complain(`unfinished: ${insurer} ${id} is ${s?.state ?? 'unknown'} here, ` +
					`${shelf.acknowledged.includes(id) ? '' : 'not '}acknowledged there`);
		}
}

function nothingForeign({ facts }, complain) {
	const contracts = new Set(facts.contracts);
	for (const d of facts.documents)
		if (d.contract !== null && !contracts.has(d.contract))
			complain(`foreign: document ${d.document_id} is filed at ${d.contract}, which this broker does not have`);
}

function filedTruly({ facts, truth, share }, complain) {
	const verdicts = new Map(facts.documents.map(d => [`${d.shipment} ${d.transfer}.${d.file}`, d]));
	let fileable = 0, filed = 0;
	for (const row of truth ?? []) {
		const d = verdicts.get(`${row.shipment_id} ${row.transfer_no}.${row.file_no}`);
		if (!d || d.by !== null)
			continue;
		fileable += row.contract_id !== 'queue';
		if (d.state === 'queued')
			continue;
		if (row.contract_id === 'queue')
			complain(`wrong: ${row.shipment_id} (${row.story}) is filed at ${d.contract}, a person must look (${row.reason})`);
		else if (d.contract !== row.contract_id)
			complain(`wrong: ${row.shipment_id} (${row.story}) is filed at ${d.contract}, it belongs to ${row.contract_id}`);
		filed++;
	}
	share.fileable = fileable;
	share.filed = filed;
}

const rules = [nothingLost, nothingTwice, acknowledgedInOrder, quarantineKeepsBytes, everyDocumentTold, customersTold, numberedWithoutGap,
	everythingDone, nothingForeign, filedTruly];

export function judge(seen) {
	const found = [];
	const all = seen.received ? [...rules, everyEventReceived] : rules;
	seen.share = {};
	for (const rule of all)
		rule(seen, text => found.push(text));
	return found;
}

// ---- the program ----

export function options(argv) {
	const given = {};
	for (let i = 0; i < argv.length; i++) {
		const name = argv[i].replace(/^--/, '');
		given[name] = name === 'midway' ? true : argv[++i];
	}
	for (const name of ['db', 'broker', 'documents', 'sandbox', 'log'])
		if (!given[name])
			throw new Error(`--${name} is missing`);
	return given;
}

export function seenBy(given) {
	return {
		broker: given.broker, midway: !!given.midway,
		facts: factsRead(given.db, given.broker),
		shelves: sandboxRead(given.sandbox),
		log: jsonLines(given.log),
		received: given.received ? jsonLines(given.received) : null,
		truth: given.truth ? truthRead(given.truth) : null,
		store: storeAt(given.documents),
	};
}

function main() {
	const seen = seenBy(options(process.argv.slice(2)));
	const found = judge(seen);
	const count = state => seen.facts.documents.filter(d => d.state === state).length;
	found.forEach(text => console.log(text));
	console.log(`${seen.facts.shipments.length} shipments, ${seen.facts.documents.length} documents: ${count('filed')} filed, ` +
		`${count('queued')} queued; ${seen.facts.events.length} events; ${found.length} violations` +
		(seen.truth ? `; ${seen.share.filed} of ${seen.share.fileable} that a careful reader can file are filed` : ''));
	process.exit(found.length ? 1 : 0);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href)
	main();
