// Requests drawn at random from the OpenAPI document, most of them wrong somewhere: never 5xx, never what is not JSON, never an
// answer that the document does not know. usage: node fuzz.mjs PLACE.json COUNT [SEED]; the same seed, the same requests.
// Closes with 'N passed, N failed'.
import { readFileSync } from "node:fs";
import { ask, judge, kind_of, operations, path_of, resolve } from "./api_document.mjs";

const [place_file, count, seed = "4711"] = process.argv.slice(2);
const place = JSON.parse(readFileSync(place_file, "utf8"));

// mulberry32
let state = Number(seed) >>> 0;
function random() {
	state = (state + 0x6d2b79f5) >>> 0;
	let t = Math.imul(state ^ (state >>> 15), 1 | state);
	t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
	return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];
const chance = (share) => random() < share;

const texts = ["", " ", "a", "0", "-1", "1e9", "null", "ä€😀", "' or 1=1 --", "%", "\\", "\"", "<script>alert(1)</script>", "../../etc/passwd", "{}", "[]",
	"x".repeat(300), "x".repeat(5000), "\u0000", "\u0001", "\u202e", "9".repeat(40), "2026-02-30", "2026-11-22", "2026-11-22T25:00:00Z", "0001-01-01T00:00:00Z",
	"99999-01-01", "0192f0c4-5a1e-7c3b-9a52-3f6d2b7c8e11", "seeufer", "start", "head", "all", "true", "5b5d", "5b2261225d", "5b312c2261225d", "5b2d393030373139393235343734303939312c2261225d"];
const numbers = [0, 1, -1, 2, 50, 200, 201, 2147483647, 2147483648, 9007199254740991, 1e300, -0.5, 1.5];
const values = [null, true, false, [], {}, [[]], [null], { a: { b: {} } }, ...numbers];
const known = { id: [], contract: [], customer: [], connection: [], user: ["nobody"], session: ["0000"], import: [], consumer: ["push"] };

function value_of(schema, deep = 0) {
	if (chance(0.12)) return pick([pick(texts), pick(values)]);
	schema = resolve(schema);
	if (schema.anyOf) return value_of(pick(schema.anyOf), deep);
	if (schema.enum) return pick(schema.enum);
	const type = pick([schema.type].flat());
	if (type === "object") {
		const made = {};
		for (const [name, inner] of Object.entries(schema.properties ?? {})) if (chance(0.8)) made[name] = value_of(inner, deep + 1);
		if (chance(0.05)) made[pick(["nonsense", "__proto__x", ""])] = pick(values);
		return made;
	}
	if (type === "array") return Array.from({ length: pick([0, 1, 2, 3, 60]) }, () => value_of(schema.items, deep + 1));
	if (type === "integer" || type === "number") return pick(numbers);
	if (type === "boolean") return chance(0.5);
	if (schema.format === "uuid" && known.id.length && chance(0.6)) return pick(known.id);
	return pick([pick(texts), schema.examples?.[0] ?? "text"]);
}

function query_of(operation) {
	const query = {};
	for (const parameter of operation.parameters ?? []) {
		if (parameter.in !== "query" || chance(0.5)) continue;
		query[parameter.name] = String(parameter.name === "wait" ? pick([0, -1, "x"]) : value_of(parameter.schema));
	}
	if (chance(0.03)) query.nonsense = "1";
	return query;
}

function params_of(operation) {
	return Object.fromEntries([...operation.path.matchAll(/\{([a-z]+)\}/g)].map(([, name]) => {
		const mine = known[name]?.length && chance(0.7) ? pick(known[name]) : pick(texts);
		return [name, mine || "x"];
	}));
}

function body_of(operation) {
	const content = operation.requestBody?.content;
	if (!content) return chance(0.05) ? "{}" : operation.method === "GET" ? undefined : "";
	const schema = Object.values(content)[0].schema;
	const text = schema.type === "string" ? pick(["", "a,b\n1,2\n", "0001", "\u0000\u0001"]) : JSON.stringify(value_of(schema));
	if (chance(0.04)) return Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]);
	if (chance(0.04)) return text.slice(0, -1);
	if (chance(0.02)) return "[".repeat(3000);
	return text;
}

function heads_of(operation) {
	const type = operation.requestBody && Object.keys(operation.requestBody.content)[0];
	const token = chance(0.9) ? place.tokens.all : pick(Object.values(place.tokens));
	const tags = operation.tags.includes("feed") ? (operation.id === "feedback" ? place.tokens.feedback : place.tokens.push) : token;
	const heads = operation.open || chance(0.01) ? {} : { Authorization: `Bearer ${tags}` };
	if (type) heads["Content-Type"] = chance(0.95) ? type : pick(["text/html", "", "application/json; charset=x"]);
	if (chance(0.03)) heads.Range = pick(["bytes=0-0", "bytes=-1", "bytes=9-1", "bytes=99999999999999999999-", "x"]);
	return heads;
}

// Some requests must name what is there.
async function look_around() {
	const get = async (path) => (await ask(place.url, { path, headers: { Authorization: `Bearer ${place.tokens.all}` } })).json ?? {};
	const contracts = (await get("/api/v1/contracts?limit=50")).items ?? [];
	known.contract = contracts.map((one) => one.contract_id);
	known.customer = contracts.map((one) => one.customer_id).filter(Boolean);
	known.id = ((await get("/api/v1/queue?limit=50")).items ?? []).map((one) => one.document_id);
	known.connection = ((await get("/api/v1/insurers")).items ?? []).flatMap((one) => one.connections.map((connection) => connection.connection));
	known.import = ((await get("/api/v1/imports")).items ?? []).map((one) => one.import_id);
}

let passed = 0;
const failures = [];
const seen = {};
async function one(number) {
	const operation = pick(Object.values(operations));
	const request = { method: operation.method, path: path_of(operation, params_of(operation), query_of(operation)), headers: heads_of(operation), body: body_of(operation), from: `127.0.${1 + below(200)}.${1 + below(200)}` };
	if (request.body !== undefined && operation.method === "GET" && !operation.requestBody) delete request.body;
	const shown = `request ${number} (seed ${seed}): ${request.method} ${request.path.slice(0, 200)} ${String(request.body ?? "").slice(0, 200)}`;
	try {
		const answer = await ask(place.url, request);
		const elsewhere = ["path", "method"].includes(kind_of(answer)); // the path parameter made it another path
		const breaches = elsewhere ? [] : judge(operation, answer);
		seen[answer.status] = (seen[answer.status] ?? 0) + 1;
		if (answer.status >= 500) breaches.push(`status ${answer.status}`);
		if (breaches.length) failures.push(`${shown}: ${breaches.join("; ")}`);
		else passed++;
	} catch (error) {
		failures.push(`${shown}: ${error.message}`);
	}
}

await look_around();
for (let i = 0; i < Number(count); i++) await one(i);
for (const failure of failures) console.log(`FAILED: ${failure.slice(0, 700)}`);
console.log(Object.entries(seen).map(([status, times]) => `${status}: ${times}`).join(", "));
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length ? 1 : 0);
