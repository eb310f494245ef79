// The judge of the events' campaign: what stands in the outbox, what its writers know, and what each receiver wrote down.
// It shares no code with the product.
// usage: node judge.mjs OUTBOX.csv COMMITTED NAME:ORDER:TYPES:LOG ...     exit 1 if anything is wrong
//   OUTBOX.csv  position,id,aggregateid,type,customersequence,writer,no,drawn; all of it, oldest first
//   COMMITTED   the ids whose commit was acknowledged to a writer, one a line
//   ORDER       customer: first acceptances in order within a customer; all: in order altogether
//   TYPES       customer | all
import { readFileSync } from 'node:fs';

const lines = file => readFileSync(file, 'utf8').split('\n').filter(line => line);
const broker_types = new Set(['document.unmatched']);
const wrong = [];
const complain = (what, detail) => wrong.push(`${what}: ${detail}`);

function outbox_read(file) {
	return lines(file).map(line => {
		const [position, id, customer, type, sequence, writer, no, drawn] = line.split(',');
		return { position: Number(position || NaN), id, customer, type, sequence, writer, no: Number(no), drawn: Number(drawn) };
	});
}

// Positions 1, 2, 3 ...; customersequence the same within a customer; a writer's later event never before his earlier one.
function outbox_check(rows) {
	const lane = new Map(), last = new Map();
	rows.forEach((row, i) => {
		if (row.position !== i + 1) complain('position', `${row.position} where ${i + 1} should be`);
		const customer_facing = !broker_types.has(row.type);
		const want = (lane.get(row.customer) ?? 0) + 1;
		if (customer_facing && Number(row.sequence) !== want) complain('customersequence', `${row.customer} has ${row.sequence}, not ${want}, at ${row.position}`);
		if (!customer_facing && row.sequence) complain('customersequence', `${row.id} must have none`);
		if (customer_facing) lane.set(row.customer, want);
		if (row.no <= (last.get(row.writer) ?? 0)) complain('writer', `${row.writer} wrote ${row.no} after ${last.get(row.writer)}`);
		last.set(row.writer, row.no);
	});
}

function committed_check(ids, known) {
	for (const id of ids) if (!known.has(id)) complain('durable', `${id} was acknowledged to its writer and is not in the outbox`);
}

function event_check(name, line, row) {
	const event = line.event;
	if (line.signature !== 'valid') complain(name, `signature of ${event.id} is ${line.signature}`);
	if (line.id !== undefined && line.id !== event.id) complain(name, `webhook-id ${line.id} brought ${event.id}`);
	if (Number(event.sequence) !== row.position || event.type !== row.type || event.partitionkey !== row.customer)
		complain(name, `${event.id} came as ${event.type} ${event.partitionkey} ${event.sequence}`);
	if (event.customersequence !== undefined && Number(event.customersequence) !== Number(row.sequence))
		complain(name, `${event.id} has customersequence ${event.customersequence}, not ${row.sequence}`);
}

// Lost, strange, altered, out of order. Returns what there is to tell.
function sink_check(name, order, types, file, rows, known) {
	const first = new Set(), last = new Map();
	let attempts = 0, accepted = 0, refused = 0;
	for (const text of lines(file)) {
		let line;
		try { line = JSON.parse(text); } catch { complain(name, `no JSON: ${text.slice(0, 60)}`); continue; }
		attempts++;
		const row = line.event && known.get(line.event.id);
		if (!row || (types === 'customer' && broker_types.has(row.type))) { complain(name, `strange event ${text.slice(0, 120)}`); continue; }
		event_check(name, line, row);
		if (line.answer < 200 || line.answer > 299) { refused++; continue; }
		accepted++;
		if (first.has(row.id)) continue;
		first.add(row.id);
		const lane = order === 'all' ? '' : row.customer;
		if (row.position < (last.get(lane) ?? 0)) complain(name, `order: ${row.position} after ${last.get(lane)} ${lane}`);
		last.set(lane, row.position);
	}
	const wanted = rows.filter(row => types === 'all' || !broker_types.has(row.type));
	for (const row of wanted) if (!first.has(row.id)) complain(name, `lost: ${row.id} at ${row.position}`);
	return `${name}: ${wanted.length} events, ${attempts} attempts, ${refused} refused, ${accepted - first.size} repeated`;
}

const [outbox, committed, ...sinks] = process.argv.slice(2);
const rows = outbox_read(outbox);
const known = new Map(rows.map(row => [row.id, row]));
if (known.size !== rows.length) complain('outbox', 'an id twice');
outbox_check(rows);
committed_check(lines(committed), known);
const told = sinks.map(sink => sink_check(...sink.split(':', 3), sink.split(':').slice(3).join(':'), rows, known));

// Behind how many higher numbers, drawn inside transactions, did a lower one become visible? A naive cursor skips those.
let highest = 0, late = 0;
for (const row of rows) { if (row.drawn < highest) late++; else highest = row.drawn; }
for (const line of told) console.log(line);
console.log(`outbox: ${rows.length} events, ${late} became visible behind a higher number drawn in another transaction`);
for (const line of wrong.slice(0, 30)) console.log(`WRONG ${line}`);
console.log(`${wrong.length} wrong`);
process.exit(wrong.length || !rows.length ? 1 : 0);
