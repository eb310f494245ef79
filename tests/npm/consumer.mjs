// fixtures/push-consumer under test, as a process of its own with a push service behind it: repetitions, wrong order, gaps,
// corrections, special categories, signatures, kill -9, a gone subscription, feedback. Prints 'N passed, N failed'.
import { spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { isDeepStrictEqual } from "node:util";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { CloudEvent, HTTP } from "cloudevents";
import { Webhook } from "standardwebhooks";

const root = new URL("../..", import.meta.url).pathname;
const folder = `${root}fixtures/push-consumer`;
const place = mkdtempSync(`${tmpdir()}/vorpost-consumer.`);
const children = new Set();
let passed = 0, failed = 0;

function same(what, got, expected) {
	if (isDeepStrictEqual(got, expected)) passed++;
	else {
		failed++;
		console.log(`FAILED: ${what}: got ${JSON.stringify(got)}, expected ${JSON.stringify(expected)}`);
	}
}
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
// Patience with a slow machine, not a measure.
async function until(what, good) {
	for (let i = 0; i < 4800; i++, await pause(50)) if (await good()) return passed++;
	failed++;
	console.log(`FAILED: waited in vain: ${what}`);
}

// ---- processes ----

async function run(script, args) {
	const child = spawn(process.execPath, [`${folder}/${script}`, ...args]);
	children.add(child);
	child.lines = "";
	for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (child.lines += data));
	for (let i = 0; i < 4800 && !/listening on \S+/.test(child.lines); i++) await pause(50);
	child.url = /listening on (\S+)/.exec(child.lines)?.[1];
	if (!child.url) throw new Error(`${script} does not start: ${child.lines}`);
	return child;
}
const ended = (child, signal) => new Promise((resolve) => {
	children.delete(child);
	child.on("exit", resolve);
	child.kill(signal);
});

// ---- the three neighbours: push service, feedback API, Vorpost ----

const service = await run("push-service.mjs", ["--state", `${place}/phones`]);
const agent = new Agent({ ca: readFileSync(`${place}/phones/ca.pem`) });
const call = (method, url, headers = {}, body = "") => new Promise((resolve, reject) => {
	const out = request(url, { method, agent, headers }, (answer) => {
		let text = "";
		answer.on("data", (data) => (text += data));
		answer.on("end", () => resolve({ status: answer.statusCode, text }));
	});
	out.on("error", reject).end(body);
});
const screen = async (customer) => JSON.parse((await call("GET", `${service.url}/phones`)).text)[customer] ?? {};
const titles = async (customer) => Object.values(await screen(customer)).map((notice) => notice.title);
const pushed = () => {
	try {
		return readFileSync(`${place}/phones/pushed.jsonl`, "utf8").trim().split("\n").map((line) => JSON.parse(line));
	} catch {
		return [];
	}
};
const pushes_to = (customer) => pushed().filter((push) => push.customer === customer);

const secret = `whsec_${randomBytes(32).toString("base64")}`;
writeFileSync(`${place}/secret`, `${secret}\n`, { mode: 0o600 });
writeFileSync(`${place}/token`, "t0ken\n", { mode: 0o600 });
const told = [];
let answer_with = 202;
const feedback = createServer((incoming, response) => {
	const pieces = [];
	incoming.on("data", (piece) => pieces.push(piece));
	incoming.on("end", () => {
		const body = Buffer.concat(pieces).toString();
		new Webhook(secret).verify(body, incoming.headers);
		if (answer_with === 202) told.push({ token: incoming.headers.authorization, event: JSON.parse(body) });
		response.writeHead(answer_with).end();
	});
});
await new Promise((resolve) => feedback.listen(0, "127.0.0.1", resolve));

let consumer;
const start = async (name, ...more) => {
	consumer = await run("consumer.mjs", ["--state", `${place}/${name}`, "--secret-file", `${place}/secret`, "--phones",
		service.url, "--phones-ca", `${place}/phones/ca.pem`, "--settle-ms", "300", "--feedback",
		`http://127.0.0.1:${feedback.address().port}/api/v1/feedback`, "--token-file", `${place}/token`, ...more]);
};

const golden = (type) => JSON.parse(readFileSync(`${root}docs/events/golden/${type}.json`, "utf8"));
let position = 0;
function event(type, customer, number, data = {}) {
	const from = golden(type);
	return { ...from, id: randomUUID(), partitionkey: customer, sequence: String(++position).padStart(20, "0"),
		...(number ? { customersequence: String(number).padStart(20, "0") } : {}),
		data: { ...from.data, customer_id: customer, collapse_key: "invoices", special_category: false, insurer: "seeufer", ...data } };
}
async function send(event, { signer = secret, at = new Date(), tamper = "" } = {}) {
	const { body, headers } = HTTP.structured(new CloudEvent(event));
	const answer = await fetch(consumer.url, { method: "POST", body: body + tamper, headers: { ...headers,
		"webhook-id": event.id, "webhook-timestamp": String(Math.floor(at / 1000)),
		"webhook-signature": new Webhook(signer).sign(event.id, at, body) } });
	return answer.status;
}
const document = (n) => ({ document_id: `01950000-0000-7000-8000-${String(n).padStart(12, "0")}` });

// ---- tests ----

const tests = {
	async one_notice_for_a_document() {
		await ended(consumer, "SIGTERM");
		await start("main", "--settle-ms", "5000"); // both events come within it, however slow the machine is
		same("released", await send(event("document.released", "K-1", 1, document(1))), 204);
		same("invoice", await send(event("invoice.issued", "K-1", 2, document(1))), 204);
		await until("the notice", async () => (await titles("K-1")).length);
		same("its words", await titles("K-1"), ["Neue Beitragsrechnung"]);
		same("one push for both events", pushes_to("K-1").length, 1);
		const [push] = pushes_to("K-1");
		same("topic, TTL and urgency of the event", [push.topic, push.ttl, push.urgency],
			["invoices", golden("invoice.issued").data.ttl_s, golden("invoice.issued").data.urgency]);
		await until("feedback", () => told.filter(({ event }) => event.data.customer_id === "K-1").length === 2);
		same("token", told[0].token, "Bearer t0ken");
		await ended(consumer, "SIGTERM");
		await start("main");
	},
	async repetition() {
		const twice = event("invoice.issued", "K-2", 1, document(2));
		same("first", await send(twice), 204);
		await until("the notice", async () => (await titles("K-2")).length);
		same("again", await send(twice), 204);
		same("once more after a restart", (await ended(consumer, "SIGTERM"), await start("main"), await send(twice)), 204);
		await pause(800);
		same("one push", pushes_to("K-2").length, 1);
		same("said in the log", /repeated invoice\.issued/.test(consumer.lines), true);
	},
	async several_documents_become_one_notice() {
		for (const n of [3, 4, 5]) await send(event("invoice.issued", "K-3", n - 2, document(n)));
		await until("the notice", async () => (await titles("K-3")).length);
		await until("three in one", async () => Object.values(await screen("K-3"))[0].body.startsWith("3 Dokumente"));
		same("one notice", Object.keys(await screen("K-3")), ["invoices"]);
	},
	async wrong_order() {
		await send(event("invoice.issued", "K-4", 1, document(6)));
		await send(event("document.withdrawn", "K-4", 3, document(7))); // before what it withdraws
		await send(event("invoice.issued", "K-4", 2, document(7)));
		await until("the first document", async () => (await titles("K-4")).length);
		await pause(500);
		same("the withdrawn one was never shown", pushes_to("K-4").map((push) => push.message.body),
			["Ein Dokument liegt für Sie bereit (seeufer)"]);
	},
	async gap_told() {
		await send(event("invoice.issued", "K-5", 1, document(8)));
		await until("the first", async () => (await titles("K-5")).length);
		await send(event("arrears.notified", "K-5", 3, { ...document(9), collapse_key: "dunning" }));
		await pause(800);
		same("held back", Object.keys(await screen("K-5")), ["invoices"]);
		const gap = event("endpoint.gap", "K-5", 0);
		gap.data = { ...golden("endpoint.gap").data, customersequence: "00000000000000000002" };
		await send(gap);
		await until("goes on", async () => Object.keys(await screen("K-5")).length === 2);
		// The parked event comes by a replay, late: still news.
		await send(event("policy.issued", "K-5", 2, { ...document(10), collapse_key: "policies", text_key: "push.policy" }));
		await until("the late one", async () => (await titles("K-5")).includes("Ihr Versicherungsschein ist da"));
	},
	async gap_without_notice() {
		await ended(consumer, "SIGTERM");
		await start("main", "--patience-ms", "400");
		await send(event("invoice.issued", "K-6", 1, document(11)));
		await send(event("invoice.issued", "K-6", 3, document(12)));
		await until("patience ends", async () => Object.values(await screen("K-6"))[0]?.body.startsWith("2 Dokumente"));
		await ended(consumer, "SIGTERM");
		await start("main"); // with its long patience: what was skipped stays skipped
		await pause(800);
		same("nothing is closed after a restart", Object.keys(await screen("K-6")), ["invoices"]);
	},
	async withdrawn() {
		await send(event("invoice.issued", "K-7", 1, document(13)));
		await until("shown", async () => (await titles("K-7")).length);
		await send(event("document.withdrawn", "K-7", 2, document(13)));
		await until("closed", async () => (await titles("K-7")).length === 0);
		same("a push that closes", pushes_to("K-7").at(-1).message, { tag: "invoices", close: true });
	},
	async withdrawn_of_two() {
		for (const n of [14, 15]) await send(event("invoice.issued", "K-8", n - 13, document(n)));
		await until("both", async () => Object.values(await screen("K-8"))[0]?.body.startsWith("2 "));
		await send(event("document.withdrawn", "K-8", 3, document(14)));
		await until("one is left", async () => Object.values(await screen("K-8"))[0]?.body.startsWith("Ein "));
	},
	async reassigned() {
		await send(event("invoice.issued", "K-9", 1, { ...document(16), contract_id: "V-1" }));
		await until("shown", async () => (await titles("K-9")).length);
		await send(event("document.reassigned", "K-9", 2, { ...document(16), contract_id: "V-2", from_contract_id: "V-1" }));
		await until("leads elsewhere", async () => (await screen("K-9")).invoices.documents[0].contract === "V-2");
		same("same notice", Object.keys(await screen("K-9")), ["invoices"]);
	},
	async special_category() {
		await send(event("invoice.issued", "K-10", 1,
			{ ...document(17), special_category: true, insurer: "krankenkasse", text_key: "push.invoice" }));
		await until("shown", async () => (await titles("K-10")).length);
		same("neutral", await titles("K-10"), ["Neues Dokument"]);
		same("says nothing", /krank|invoice|Rechnung/i.test(JSON.stringify({ ...(await screen("K-10")).invoices, tag: "" })), false);
	},
	async unknown_things() {
		same("unknown type", await send({ ...event("document.released", "K-11", 1), type: "document.beamed" }), 204);
		same("unknown text", await send(event("document.released", "K-11", 2, { ...document(18), text_key: "push.new" })), 204);
		await until("neutral words", async () => isDeepStrictEqual(await titles("K-11"), ["Neues Dokument"]));
		same("broker-facing", await send(event("document.attached", "K-12", 0, document(19))), 204);
		await pause(600);
		same("not for customers", await titles("K-12"), []);
	},
	async signatures() {
		const good = () => event("invoice.issued", "K-13", 1, document(20));
		same("other secret", await send(good(), { signer: `whsec_${randomBytes(32).toString("base64")}` }), 401);
		same("other body", await send(good(), { tamper: " " }), 401);
		same("an hour old", await send(good(), { at: new Date(Date.now() - 3600e3) }), 401);
		same("no signature", (await fetch(consumer.url, { method: "POST", body: "{}" })).status, 401);
		await pause(600);
		same("nothing is shown", await titles("K-13"), []);
		same("nothing is kept", /K-13/.test(readFileSync(`${place}/main/journal.jsonl`, "utf8")), false);
	},
	async killed() {
		await send(event("invoice.issued", "K-14", 1, document(21)));
		await ended(consumer, "SIGKILL"); // answered 2xx, most likely not pushed
		appendFileSync(`${place}/main/journal.jsonl`, '{"got":{"id":"cut of'); // and a line that was being written
		await start("main");
		await until("shown after the restart", async () => (await titles("K-14")).length);
		same("next event", await send(event("invoice.issued", "K-14", 2, document(22))), 204);
		await until("goes on", async () => Object.values(await screen("K-14"))[0].body.startsWith("2 "));
		await ended(consumer, "SIGTERM");
		await start("main"); // the journal can be read again
	},
	async subscription_gone() {
		await send(event("invoice.issued", "K-15", 1, document(23)));
		await until("shown", async () => (await titles("K-15")).length);
		const { text } = await call("GET", `${service.url}/subscriptions/K-15`);
		await call("DELETE", JSON.parse(text).endpoint);
		answer_with = 503; // and the feedback does not go through at once
		await send(event("invoice.issued", "K-15", 2, document(24)));
		await pause(800);
		answer_with = 202;
		const types = () => told.filter(({ event }) => event.data.customer_id === "K-15").map(({ event }) => event.type);
		await until("told", () => types().length === 3);
		same("what", types(), ["notification.accepted", "notification.failed", "reachability.lost"]);
	},
	async push_service_is_strict() {
		const { text } = await call("GET", `${service.url}/subscriptions/K-16`);
		const { endpoint } = JSON.parse(text);
		same("no VAPID", (await call("POST", endpoint, { ttl: "60" }, "x")).status, 401);
		same("forged VAPID", (await call("POST", endpoint, { ttl: "60", authorization:
			`vapid t=e30.e30.e30, k=${Buffer.concat([Buffer.from([4]), randomBytes(64)]).toString("base64url")}` }, "x")).status >= 400, true);
		same("too large", (await call("POST", endpoint, { ttl: "60" }, "x".repeat(5000))).status, 413);
		same("no such phone", (await call("POST", `${service.url}/push/nobody`, { ttl: "60" }, "x")).status, 404);
	},
	async feedback_fits_the_schemas() {
		const ajv = formats(new Ajv2020());
		for (const name of ["feedback", ...new Set(told.map(({ event }) => event.type))])
			ajv.addSchema(JSON.parse(readFileSync(`${root}docs/events/schemas/${name}.json`, "utf8")), name);
		for (const { event } of told)
			same(`${event.type} fits`, [ajv.validate("feedback", event) || ajv.errors,
				ajv.validate(event.type, event.data) || ajv.errors], [true, true]);
		// A consumer that was killed tells again what it does not know to be taken: under the same id, in the same words.
		const ids = new Set(told.map(({ event }) => event.id)), words = new Set(told.map(({ event }) => JSON.stringify([event.id, event.type, event.data])));
		same("each in one wording", words.size, ids.size);
	},
};

try {
	await start("main");
	const only = process.argv.slice(2);
	for (const [name, test] of Object.entries(tests)) {
		if (only.length && !only.includes(name)) continue;
		const before = failed;
		await test();
		console.log(`${failed === before ? "ok" : "not ok"}: ${name}`);
	}
} catch (error) {
	failed++;
	console.log(`FAILED: ${error.stack}`);
}
if (failed && consumer) console.log(consumer.lines.split("\n").slice(-30).join("\n"));
for (const child of children) child.kill("SIGKILL");
feedback.close();
rmSync(place, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
