// Golden events are what the program really sent, with ids and times made the same every time.
// usage: node golden.mjs --check|--write FOLDER <EVENTS      one event a line, or JSON arrays, a line each
//   --write  the first event of each type goes to FOLDER/TYPE.json
//   --check  is there a real event with just the members of each golden one? Types that did not come are named as SKIPPED
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";

const [mode, folder] = process.argv.slice(2);
const events = readFileSync(0, "utf8").trim().split("\n").filter(Boolean).flatMap((line) => JSON.parse(line));

// One name for one id: all uuids by the order in which they appear, also within longer texts.
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const known = new Map();
const plain_id = (id) => {
	if (!known.has(id)) known.set(id, `01950000-0000-7000-8000-${String(known.size + 1).padStart(12, "0")}`);
	return known.get(id);
};
const twenty = (n) => String(n).padStart(20, "0");

function plain(event) {
	known.clear();
	const out = JSON.parse(JSON.stringify(event).replace(uuid, plain_id));
	// A quarter of an hour after the insurer made the document.
	const time = new Date(Date.parse(out.recordedtime ?? "2025-03-03T05:45:00Z") + 900e3);
	out.time = time.toISOString();
	if (out.sequence) out.sequence = twenty(42);
	if (out.customersequence) out.customersequence = twenty(7);
	const { data } = out;
	if (data.position) data.position = twenty(42);
	if (data.customersequence) data.customersequence = twenty(7);
	if (data.collapse_key) data.collapse_key = "Zm9yLWV4YW1wbGUtb25seS4u";
	if (data.since) data.since = out.time;
	if (data.oldest) data.oldest = out.time;
	if (data.day) data.day = out.time.slice(0, 10);
	if (data.release) data.release.held_s = 0;
	for (const [seconds, moment] of [["lead_min_s", "earliest"], ["lead_expected_s", "expected"], ["lead_law_s", "legal_95"]])
		if (data.lead?.[moment]) data.lead[seconds] = Math.floor((Date.parse(data.lead[moment]) - time) / 1000);
	return out;
}

const members = (value, path = "") => value === null || typeof value !== "object" || Array.isArray(value) ? [path]
	: Object.entries(value).flatMap(([name, inner]) => members(inner, `${path}.${name}`)).sort();
const shape = (event) => members(event).join(" ");

const types = new Set(events.map((event) => event.type));
if (mode === "--write") {
	// The one that says most stands for its type.
	for (const type of types) {
		const [most] = events.filter((event) => event.type === type).sort((a, b) =>
			members(b).length - members(a).length || (a.correlationid ?? "").localeCompare(b.correlationid ?? ""));
		writeFileSync(`${folder}/${type}.json`, JSON.stringify(plain(most), null, "\t") + "\n");
	}
	console.log(`wrote ${[...types].sort().join(", ")}`);
} else {
	for (const file of readdirSync(folder)) {
		const golden = JSON.parse(readFileSync(`${folder}/${file}`, "utf8"));
		if (golden.source === "//push.example.org") continue; // feedback comes from the consumer
		if (!types.has(golden.type)) console.log(`SKIPPED: ${golden.type} did not come`);
		else if (!events.some((event) => event.type === golden.type && shape(event) === shape(golden))) {
			console.log(`golden/${file}: no real event has these members, but\n  ${shape(events.find((e) => e.type === golden.type))}`);
			process.exitCode = 1;
		}
	}
	for (const type of types)
		if (!existsSync(`${folder}/${type}.json`)) {
			console.log(`${type} has no golden event`);
			process.exitCode = 1;
		}
}
