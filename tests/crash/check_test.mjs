// check_test.mjs -- plants violations into what a clean round left behind and demands that check.mjs notices each.
// Takes the options of check.mjs. Prints 'noticed: ...' or 'MISSED: ...' a plant; exits 1 if one was missed.
import { judge, letGo, options, seenBy } from './check.mjs';

const seen = await seenBy(options(process.argv.slice(2)));
const broker = seen.broker;

const copy = () => ({
	...seen,
	facts: structuredClone(seen.facts), log: structuredClone(seen.log), truth: structuredClone(seen.truth),
	received: structuredClone(seen.received).filter(r => r.event?.source === `//vorpost/${broker}`),
	rows: [...seen.rows], outside: [...seen.outside],
	shelves: new Map([...seen.shelves].map(([name, s]) => [name, { ...s, acknowledged: [...s.acknowledged] }])),
});

const filed = s => s.facts.documents.find(d => d.state === 'filed' && !d.duplicate_of && d.untouched);
const quarantined = s => s.facts.shipments.find(x => x.state === 'quarantined');
const released = s => s.facts.events.find(e => e.type === 'document.released');
const canary = (s, place) => s.canaries.find(c => c.place === place).text;
const remove = (list, item) => list.splice(list.indexOf(item), 1);
const acknowledgement = (s, d) => s.log.find(c => c.outcome === 'acknowledged' && c.insurer === d.connection && c.shipment === d.shipment);
const lost = s => s.log.find(c => c.outcome === 'acknowledged' && c.lost);
const twin = s => s.facts.documents.find(d => d.duplicate_of && d.shipment !== s.facts.documents.find(x => x.document_id === d.duplicate_of).shipment);
const shipmentOf = (s, d) => s.facts.shipments.find(x => x.connection === d.connection && x.id === d.shipment);

const plants = [
	['a file of the store is deleted', /lost: the file .* is missing/, s => { const gone = filed(s).sha256, old = s.store; s.store = d => d === gone ? null : old(d); }],
	['a byte of a file is changed', /lost: the file .* other bytes/, s => {
		const hit = filed(s).sha256, old = s.store;
		s.store = d => { const bytes = Buffer.from(old(d)); if (d === hit) bytes[0] ^= 1; return bytes; };
	}],
	['a document row is deleted', /lost: .* not in the database/, s => remove(s.facts.documents, filed(s))],
	['a document has the bytes of another', /lost: .* not what the insurer has/, s => {
		const [a, b] = s.facts.documents.filter((d, i, all) => all.findIndex(x => x.sha256 === d.sha256) === i && d.file > 0);
		a.sha256 = b.sha256; a.size = b.size;
	}],
	['a shipment row is deleted', /lost: .* unknown here/, s => remove(s.facts.shipments, shipmentOf(s, filed(s)))],
	['a shipment falls back to listed', /lost: .* but listed here/, s => { shipmentOf(s, filed(s)).state = 'listed'; }],
	['a document stands twice', /twice: document/, s => s.facts.documents.push(structuredClone(filed(s)))],
	['a document has a file too many', /invented: document/, s => s.facts.documents.push({ ...filed(s), file: 99 })],
	['an acknowledgement before the fetch', /before it was fetched/, s => {
		const a = acknowledgement(s, filed(s)); remove(s.log, a); s.log.unshift(a);
	}],
	['an acknowledgement before the commit', /ms before the commit/, s => {
		const d = filed(s); acknowledgement(s, d).time = new Date(d.committed - 5).toISOString();
	}],
	['an acknowledgement on an answer that was another shipment\'s', /before it was fetched/, s => {
		const d = filed(s);
		s.log.find(c => c.operation === 'getShipment' && c.insurer === d.connection && c.shipment === d.shipment).outcome = 'repeated';
	}],
	['another shipment\'s document under this id', /bytes that the insurer has not under this id/, s => {
		const a = filed(s), b = s.facts.documents.find(d => d.file > 0 && d.sha256 !== a.sha256);
		remove(s.shelves.get(a.connection).acknowledged, a.shipment);
		shipmentOf(s, a).state = 'stored';
		a.sha256 = b.sha256; a.size = b.size;
	}],
	['a shipment fetched again that a repeated list names', /fetched again, though it was acknowledged/, s => {
		const a = lost(s);
		s.log.push({ ...a, operation: 'getShipment', outcome: 'ok', lost: false });
	}],
	['a lost acknowledgement that nobody settles', /unfinished: .* is stored here, acknowledged there/, s => {
		const a = lost(s); shipmentOf(s, { connection: a.insurer, shipment: a.shipment }).state = 'stored';
	}],
	['the same document told again under another id', /is told as news, but has the bytes of/, s => { twin(s).duplicate_of = null; }],
	['an event about the same document under another id', /though its bytes were told before/, s => {
		const d = twin(s), first = s.facts.events.find(e => e.type === 'document.attached' && e.payload.document_id === d.duplicate_of);
		s.facts.events.push({ ...first, id: 'x', payload: { ...first.payload, document_id: d.document_id } });
	}],
	['a quarantine without a cause', /but every answer of the insurer was right/, s => {
		const d = filed(s), x = shipmentOf(s, d);
		x.state = 'quarantined'; x.refusal = `connection ${x.connection}, shipment ${x.id}: no mood`;
	}],
	['a reader that is said to have crashed', /but every answer of the insurer was right/, s => {
		const d = filed(s), x = shipmentOf(s, d);
		x.state = 'quarantined'; x.refusal = `connection ${x.connection}, shipment ${x.id}: the reader crashed`;
	}],
	['a second acknowledgement', /acknowledged twice/, s => s.log.push(structuredClone(acknowledgement(s, filed(s))))],
	['an acknowledgement that the insurer never saw', /the insurer knows nothing/, s => { const d = filed(s); remove(s.shelves.get(d.connection).acknowledged, d.shipment); }],
	['a quarantined shipment is acknowledged', /in quarantine but was acknowledged/, s => { const q = quarantined(s); s.shelves.get(q.connection).acknowledged.push(q.id); }],
	['the raw bytes of the quarantine are gone', /without its raw bytes/, s => { quarantined(s).raw = null; }],
	['a quarantine without its sentence', /no reason that names it/, s => { quarantined(s).refusal = 'unreadable'; }],
	['a quarantine that nobody was told of', /0 events tell of the quarantine/, s => {
		const q = quarantined(s);
		remove(s.facts.events, s.facts.events.find(e => e.type === 'shipment.quarantined' && e.payload.connection === q.connection));
	}],
	['a document that nobody was told of', /nobody was told/, s => {
		const d = filed(s); remove(s.facts.events, s.facts.events.find(e => e.payload.document_id === d.document_id));
	}],
	['an event twice under two ids', /2 events for document/, s => s.facts.events.push({ ...s.facts.events.find(e => e.payload.document_id === filed(s).document_id), id: 'x' })],
	['an event of a document that is not there', /told of but is not there/, s => s.facts.events.push({ ...s.facts.events.find(e => e.type === 'document.attached'), payload: { document_id: 'x' } })],
	['another contract was told', /filed elsewhere than was told/, s => { filed(s).contract = s.facts.contracts.find(c => c !== filed(s).contract); }],
	['a queued document is told to a customer', /which is filed nowhere/, s => {
		const queued = s.facts.documents.find(d => d.state === 'queued');
		s.facts.events.push({ ...structuredClone(released(s)), id: 'x', payload: { ...released(s).payload, document_id: queued.document_id } });
	}],
	['a customer is told twice', /was released 2 times/, s => s.facts.events.push({ ...released(s), id: 'x' })],
	['a customer is never told', /was released 0 times/, s => remove(s.facts.events, released(s))],
	['another customer is told', /went to another customer/, s => { released(s).payload.customer_id = 'other'; }],
	['a correction out of the blue', /was corrected, though/, s => s.facts.events.push({ ...released(s), id: 'x', type: 'document.withdrawn' })],
	['a document called a duplicate of other bytes', /is no duplicate of/, s => {
		const a = filed(s), b = s.facts.documents.find(d => d.state === 'filed' && d.sha256 !== a.sha256);
		b.duplicate_of = a.document_id;
		s.facts.events = s.facts.events.filter(e => e.payload.document_id !== b.document_id);
	}],
	['a gap in the positions', /stands at place/, s => { s.facts.events.at(-1).position = Number(s.facts.events.at(-1).position) + 1; }],
	['an event without a position', /without a position/, s => { s.facts.events.at(-1).position = null; }],
	['an event that never came', /never came/, s => { s.received.pop(); }],
	['an event that came too late', /received: event \d+ after event \d+/, s => {
		const lane = r => r.event.partitionkey;
		const a = s.received.findIndex((r, i, all) => all.findIndex((t, k) => k > i && lane(t) === lane(r)) > i);
		const b = s.received.findIndex((r, k) => k > a && lane(r) === lane(s.received[a]));
		[s.received[a], s.received[b]] = [s.received[b], s.received[a]];
	}],
	['an event refused and never repeated', /never came/, s => { s.received[0].answer = 500; }],
	['a forged event', /signature that is invalid/, s => { s.received[0].signature = 'invalid'; }],
	['an event from a rolled-back transaction', /which is not there/, s => { s.received[0].id = 'x'; }],
	['a shipment left over', /unfinished: .* not acknowledged there/, s => {
		const d = filed(s); shipmentOf(s, d).state = 'stored'; remove(s.shelves.get(d.connection).acknowledged, d.shipment);
	}],
	['bytes of a document in the log of the server', /spilled: .* is in postgres.log/, s => { s.outside.push({ place: 'postgres.log', row: `DETAIL: ${canary(s, 'store')}` }); }],
	['bytes of a document in a row', /spilled: .* in a row of shipment/, s => { s.rows.push({ place: 'shipment', row: `(${canary(s, 'store')})` }); }],
	['where a customer lives, told to a receiver', /spilled: .* is in received/, s => { s.outside.push({ place: 'received', row: `"${canary(s, 'rows')}"` }); }],
	['a password in what was read out of a document', /spilled: .* in a row of document_text/, s => { s.rows.push({ place: 'document_text', row: canary(s, 'nowhere') }); }],
	['a password in a log', /spilled: .* is in out/, s => { s.outside.push({ place: 'out', row: canary(s, 'nowhere') }); }],
	['a contract of another broker', /which this broker does not have/, s => { filed(s).contract = 'other'; }],
	['the same contract of another broker, told as such', /is filed at VU-\S+, which this broker does not have/, s => {
		const d = filed(s), there = d.contract.slice(`${broker}.`.length);
		const of = e => e.payload.document_id === d.document_id;
		s.facts.events.filter(of).forEach(e => { e.payload.contract_id = there; });
		s.truth.find(t => t.shipment_id === d.shipment && t.contract_id === d.contract).contract_id = there;
		d.contract = there;
	}],
	['an event about a contract of another broker', /is about VU-\S+, which this broker does not have/, s => {
		const e = released(s); e.payload.contract_id = e.payload.contract_id.slice(`${broker}.`.length);
	}],
	['an event about a customer of another broker', /is about customer \S+, who is not this broker's/, s => {
		const e = released(s); e.payload.customer_id = e.payload.customer_id.slice(`${broker}.`.length);
	}],
	['a document of which nobody knows when it was committed', /was committed is not known/, s => { filed(s).committed = null; }],
	['a document at a wrong contract', /wrong: .* it belongs to/, s => { const d = filed(s); s.truth.find(t => t.shipment_id === d.shipment && t.contract_id !== 'queue').contract_id = 'other'; }],
	['a document filed that must queue', /a person must look/, s => { const d = filed(s); s.truth.find(t => t.shipment_id === d.shipment && t.contract_id !== 'queue').contract_id = 'queue'; }],
];

let missed = 0;
if (judge(copy()).length) {
	console.log(`MISSED: the round is not clean to begin with: ${judge(copy())[0]}`);
	missed++;
}
for (const [name, expected, plant] of plants) {
	const planted = copy();
	plant(planted);
	const found = judge(planted);
	const ok = found.some(text => expected.test(text));
	missed += !ok;
	console.log(ok ? `noticed: ${name}` : `MISSED: ${name}; found ${found.length}: ${found[0] ?? 'nothing'}`);
}
letGo();
process.exitCode = missed ? 1 : 0;
