// check.mjs -- judges what Vorpost did by what others saw: the insurer's call log and shelf, the database, the document
// store, the receiver's log. It shares no code with what it judges.
//
// usage: node check.mjs --db CONNINFO --broker NAME --documents FOLDER --sandbox FOLDER --log FILE
//                       [--received FILE] [--truth FILE] [--apart] [--midway] [--jumped] [--dated] [--reader N] [--line N]
//                       [--canaries FILE --outside PATH:PATH...]
//        node check.mjs --serve
//
// --midway   work may be unfinished (a process was just killed): only what must hold at every moment
// --jumped   our clock was set: what was signed by it may have been stale
// --dated    the database knows when each row was committed (track_commit_timestamp)
// --reader   so many reading programs of ours were made to end: as many quarantines may say so
// --line     so many lines to a reading program were cut: as many quarantines may say that it ended in the middle, in order
// --canaries a line 'PLACE TEXT' for each text that is nowhere else in the world, and where it may be: store (the document
//            store, and what was read out of a document), rows (any row, too), nowhere. What --outside names (logs, what commands
//            said, what receivers got, work folders) has none of them
// --truth    the generator's truth.csv: nothing filed at a wrong contract, what must queue queues
// --apart    ids of contracts and customers begin with the broker's name and a dot, so that no two brokers have the same
//
// --serve    a line of options, parted by tabs, on standard input for each judgement; the output ends with '= CODE'
//
// What the insurers do wrong is theirs: lost answers, answers and lists that are repeated, one shipment under two ids. Right is then
// that nothing is filed under an id whose answer never came, that nothing is fetched, told or acknowledged twice, and that only
// what was delivered wrongly waits in quarantine.
//
// Prints a line for each violation and exits 1, or one line of counts and exits 0. A connection has its insurer's name.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const sha256 = bytes => createHash('sha256').update(bytes).digest('hex');
const lines = path => (existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : []);
const jsonLines = path => lines(path).map(line => JSON.parse(line));
const key = (connection, shipment) => `${connection} ${shipment}`;

// ---- what was seen ----

// The database's own clock says when a row was committed (track_commit_timestamp); a row that was changed since tells
// nothing about its first commit, hence version 1 only, and none that was placed in the queue's order or looked into.
const FACTS = `select json_build_object(
	'shipments', (select coalesce(json_agg(json_build_object('connection', connection, 'id', shipment_id, 'state', state,
		'refusal', refusal, 'raw', raw_sha256, 'attempts', attempts)), '[]') from shipment where broker = :'broker'),
	'documents', (select coalesce(json_agg(json_build_object('document_id', document_id, 'connection', connection,
		'shipment', shipment_id, 'transfer', transfer_no, 'file', file_no, 'size', size, 'sha256', sha256, 'state', state,
		'contract', contract_id, 'tier', tier, 'reason', reason, 'by', decided_by, 'version', version, 'duplicate_of', duplicate_of,
		'untouched', version = 1 and not placed and words is null,
		'committed', case when version = 1 and not placed and words is null and current_setting('track_commit_timestamp') = 'on'
			then floor(extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000) end)), '[]')
		from document where broker = :'broker'),
	'events', (select coalesce(json_agg(json_build_object('id', id, 'position', position, 'type', type, 'payload', payload)
		order by position nulls last, occurred_at, id), '[]') from event where broker = :'broker'),
	'contracts', (select coalesce(json_agg(contract_id), '[]') from contract where broker = :'broker'),
	'customers', (select coalesce(json_agg(distinct customer_id), '[]') from contract where broker = :'broker'))`;

// Every row of the broker that has one of the texts in it. The query is made for the tables that there are.
const ROWS = tables => `select coalesce(json_agg(json_build_object('place', place, 'row', row)), '[]') from (${tables}) as said`;
const TABLES = `select string_agg(format('select %L as place, t::text as row from %I t where t.broker = :''broker'' '
		'and t::text like any (:''patterns''::text[])', relname, relname), ' union all ')
	from pg_class join pg_attribute on attrelid = pg_class.oid
	where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition and attname = 'broker'`;

// One psql answers as often as it is asked: a session whose caches are filled is several times as quick as a new one.
class Database {
	constructor(conninfo) {
		this.conninfo = conninfo;
		this.psql = spawn('psql', ['-qAtX', '-v', 'ON_ERROR_STOP=1', conninfo]);
		this.psql.stdin.on('error', () => {}); // it is gone, which 'close' tells
		this.said = '';
		this.complaint = '';
		this.psql.stdout.setEncoding('utf8').on('data', text => this.hear(text));
		this.psql.stderr.setEncoding('utf8').on('data', text => { this.complaint += text; });
		this.ended = false;
		this.psql.on('close', () => { this.ended = true; this.settle?.(null); });
	}

	hear(text) {
		this.said += text;
		if (this.said.endsWith('\n= done\n'))
			this.settle?.(this.said.slice(0, -'\n= done\n'.length));
	}

	// null if there is nobody to answer any more.
	ask(broker, query, patterns = []) {
		this.said = '';
		const array = `{${patterns.map(p => `"%${p}%"`)}}`;
		return new Promise(resolve => {
			if (this.ended)
				resolve(null);
			this.settle = resolve;
			this.psql.stdin.write(`\\set broker ${broker}\n\\set patterns '${array}'\n${query};\n\\echo = done\n`);
		});
	}

	async rows(broker, texts) {
		this.tables ??= await this.ask(broker, TABLES);
		return this.ask(broker, ROWS(this.tables), texts);
	}

	end() { this.psql.stdin.end(); }
}

let database;

// A session that was left by a server that was killed does not answer; the next one must.
async function databaseAsk(conninfo, question) {
	const old = database?.conninfo === conninfo ? await question(database) : null;
	if (old !== null)
		return JSON.parse(old);
	database?.end();
	database = new Database(conninfo);
	const said = await question(database);
	if (said === null)
		throw new Error(`the database does not answer: ${database.complaint}`);
	return JSON.parse(said);
}

export const factsRead = (conninfo, broker) => databaseAsk(conninfo, db => db.ask(broker, FACTS));
const rowsRead = (conninfo, broker, texts) => databaseAsk(conninfo, db => db.rows(broker, texts));

// ---- texts that are nowhere else in the world ----

const canariesRead = path => lines(path).map(line => {
	const [place, ...text] = line.split(' ');
	return { place, text: text.join(' ') };
});

// Every file at these paths and below: [{place, row}], as of rows.
function outsideRead(paths) {
	const files = paths.flatMap(path => !existsSync(path) ? [] : !statSync(path).isDirectory() ? [path]
		: readdirSync(path, { recursive: true }).map(name => join(path, name)).filter(name => existsSync(name) && statSync(name).isFile()));
	return files.map(place => ({ place, row: readFileSync(place, 'utf8') }));
}

// A character that XML does not know: of such a shipment nobody can read the answer.
const UNREADABLE = /\\u00(?:0[0-8bcef]|1[0-9a-f])/;

// One insurer's shelf: what it has to give, byte for byte, and what was acknowledged to it.
function shelfRead(folder) {
	const shipments = new Map(), unreadable = new Set();
	for (const shipment of jsonLines(join(folder, 'shipments.jsonl'))) {
		const documents = new Map();
		if (UNREADABLE.test(JSON.stringify(shipment)))
			unreadable.add(shipment.id);
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
	return { shipments, unreadable, acknowledged: lines(join(folder, 'acknowledged')) };
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

export const truthRead = (path, before = '') => csvRows(readFileSync(path, 'utf8')).map(row =>
	({ ...row, contract_id: row.contract_id === 'queue' ? 'queue' : before + row.contract_id }));

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
		const given = shelves.get(d.connection)?.shipments.get(d.shipment), number = `${d.transfer}.${d.file}`;
		if (!given?.has(number))
			complain(`invented: document ${name} is not one of the insurer's`);
		else if (given.get(number) && given.get(number) !== d.sha256)
			complain(`invented: document ${name} has bytes that the insurer has not under this id`);
	}
	const state = new Map(facts.shipments.map(s => [key(s.connection, s.id), s.state]));
	for (const d of facts.documents)
		if (!['stored', 'acknowledged'].includes(state.get(key(d.connection, d.shipment))))
			complain(`half done: ${d.connection} ${d.shipment} is ${state.get(key(d.connection, d.shipment))} but has documents`);
}

// When a document was committed; one whose row is as it was written must have a time. A shipment is compared by those it has.
function commitsKnown(facts, dated, complain) {
	const committed = new Map();
	for (const d of facts.documents) {
		if (dated && d.untouched && d.committed === null)
			complain(`order: when document ${d.transfer}.${d.file} of ${d.connection} ${d.shipment} was committed is not known`);
		if (d.committed !== null)
			committed.set(key(d.connection, d.shipment), Math.max(committed.get(key(d.connection, d.shipment)) ?? 0, d.committed));
	}
	return committed;
}

function acknowledgedInOrder({ facts, shelves, log, dated, share }, complain) {
	const committed = commitsKnown(facts, dated, complain), got = new Set(), acknowledged = new Set();
	for (const call of log) {
		const name = key(call.insurer, call.shipment);
		if (call.operation === 'getShipment' && acknowledged.has(name))
			complain(`order: ${name} was fetched again, though it was acknowledged`);
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
	share.acknowledged = acknowledged.size;
	share.compared = [...acknowledged].filter(name => committed.has(name)).length;
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

// What the insurer's log says of the answers that a quarantine is for. One that breaks off is fetched again, so often.
const BROKE_OFF_MOST = 5;

function quarantineCauses({ shelves, log }) {
	const wrong = new Set(), broken = new Map();
	for (const [insurer, shelf] of shelves)
		for (const id of shelf.unreadable)
			wrong.add(key(insurer, id));
	for (const call of log) {
		const name = key(call.insurer, call.shipment);
		if (call.operation === 'getShipment' && ['repeated', 'broken seal'].includes(call.outcome))
			wrong.add(name);
		if (call.operation === 'getShipment' && call.outcome === 'cut')
			broken.set(name, (broken.get(name) ?? 0) + 1);
	}
	return name => wrong.has(name) || (broken.get(name) ?? 0) >= BROKE_OFF_MOST;
}

const LINE_CUT = /the reader ended in the middle \(exit 0\)/;
const READER_ENDED = /the reader (crashed|ran out of memory|ended in the middle \(exit 0\))/;

function quarantineKeepsBytes({ facts, shelves, log, store, reader, line }, complain) {
	const deserved = quarantineCauses({ shelves, log });
	let readers = reader ?? 0;
	let lines = line ?? 0;
	const excused = (refusal) => (READER_ENDED.test(refusal) && readers-- > 0) || (LINE_CUT.test(refusal) && lines-- > 0);
	for (const s of facts.shipments) {
		if (s.state !== 'quarantined')
			continue;
		if (!deserved(key(s.connection, s.id)) && !excused(s.refusal))
			complain(`quarantine: ${key(s.connection, s.id)} is there, but every answer of the insurer was right: ${s.refusal}`);
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

// The same bytes at the same contract are news once, under how many ids they may come.
function newsOnce({ facts }, complain) {
	const first = new Map();
	for (const d of facts.documents) {
		if (d.state !== 'filed' || d.version !== 1 || d.duplicate_of || d.file === 0)
			continue;
		const name = `${d.sha256} ${d.contract}`;
		if (first.has(name))
			complain(`twice: document ${d.document_id} (${d.shipment}) is told as news, but has the bytes of ${first.get(name)}`);
		first.set(name, d.document_id);
	}
}

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
		if (d.duplicate_of && d.version === 1)
			complain(`events: document ${d.document_id} was told, though its bytes were told before`);
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
function everyEventReceived({ facts, received, broker, midway, jumped }, complain) {
	const position = new Map(facts.events.map(e => [e.id, e.position === null ? null : Number(e.position)]));
	const taken = new Set(), last = new Map();
	for (const call of received) {
		if (call.event?.source !== `//vorpost/${broker}`)
			continue;
		const at = position.get(call.id);
		if (call.signature !== 'valid' && !(jumped && call.signature === 'stale'))
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
	const contracts = new Set(facts.contracts), customers = new Set(facts.customers);
	for (const d of facts.documents)
		if (d.contract !== null && !contracts.has(d.contract))
			complain(`foreign: document ${d.document_id} is filed at ${d.contract}, which this broker does not have`);
	for (const e of facts.events) {
		const { contract_id, customer_id } = e.payload;
		if (contract_id && !contracts.has(contract_id))
			complain(`foreign: event ${e.id} (${e.type}) is about ${contract_id}, which this broker does not have`);
		if (customer_id && !customers.has(customer_id))
			complain(`foreign: event ${e.id} (${e.type}) is about customer ${customer_id}, who is not this broker's`);
	}
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

// What was read out of a document stands in document_text.
function nothingSpilled({ canaries, rows, outside }, complain) {
	for (const { place, text } of canaries ?? []) {
		const shown = text.slice(0, 8);
		for (const at of outside)
			if (at.row.includes(text))
				complain(`spilled: ${shown}..., which may be in ${place}, is in ${at.place}`);
		for (const at of rows)
			if (at.row.includes(text) && !(place === 'rows' || (place === 'store' && at.place === 'document_text')))
				complain(`spilled: ${shown}..., which may be in ${place}, is in a row of ${at.place}`);
	}
}

const rules = [nothingLost, nothingTwice, acknowledgedInOrder, quarantineKeepsBytes, newsOnce, everyDocumentTold, customersTold,
	numberedWithoutGap, everythingDone, nothingForeign, filedTruly, nothingSpilled];

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
		given[name] = ['midway', 'jumped', 'dated', 'apart'].includes(name) ? true : argv[++i];
	}
	for (const name of ['db', 'broker', 'documents', 'sandbox', 'log'])
		if (!given[name])
			throw new Error(`--${name} is missing`);
	return given;
}

export async function seenBy(given) {
	const canaries = given.canaries ? canariesRead(given.canaries) : [];
	return {
		broker: given.broker, midway: !!given.midway, jumped: !!given.jumped, dated: !!given.dated,
		reader: Number(given.reader ?? 0), line: Number(given.line ?? 0),
		facts: await factsRead(given.db, given.broker),
		shelves: sandboxRead(given.sandbox),
		log: jsonLines(given.log),
		received: given.received ? jsonLines(given.received) : null,
		truth: given.truth ? truthRead(given.truth, given.apart ? `${given.broker}.` : '') : null,
		store: storeAt(given.documents),
		canaries,
		rows: canaries.length ? await rowsRead(given.db, given.broker, canaries.map(c => c.text)) : [],
		outside: outsideRead((given.outside ?? '').split(':').filter(Boolean)),
	};
}

async function judgement(argv) {
	const seen = await seenBy(options(argv));
	const found = judge(seen);
	const count = state => seen.facts.documents.filter(d => d.state === state).length;
	found.forEach(text => console.log(text));
	console.log(`${seen.facts.shipments.length} shipments, ${seen.facts.documents.length} documents: ${count('filed')} filed, ` +
		`${count('queued')} queued; ${seen.facts.events.length} events; ${found.length} violations; ` +
		`${seen.share.compared} of ${seen.share.acknowledged} acknowledged shipments compared with their commits` +
		(seen.truth ? `; ${seen.share.filed} of ${seen.share.fileable} that a careful reader can file are filed` : ''));
	return found.length ? 1 : 0;
}

async function serve() {
	for await (const line of createInterface({ input: process.stdin })) {
		let code = 2;
		try {
			code = await judgement(line.split('\t').filter(Boolean));
		} catch (e) {
			console.log(`the judge cannot judge: ${e.message.replaceAll('\n', ' ')}`);
		}
		console.log(`= ${code}`);
	}
}

export const letGo = () => database?.end();

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
	if (process.argv[2] === '--serve')
		await serve();
	else
		process.exitCode = await judgement(process.argv.slice(2));
	letGo();
}
