// contract_scenes.mjs -- what is asked of each operation so that it does what it promises, and refuses as it says.
// A scene gets {call, same, holds, place}; it leaves what others need in `left`.
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { listen } from "./api_document.mjs";

const left = {};
const nobody = "0192f0c4-5a1e-7c3b-9a52-000000000000";

const cookie_of = (answer) => (answer.headers["set-cookie"] ?? []).map((line) => line.split(";")[0]).join("; ");

async function log_in({ call, place }, role, password = place.users[role][1]) {
	const answer = await call("login", 200, { token: null, json: { user: place.users[role][0], password } });
	return { cookie: cookie_of(answer), csrf: answer.json.csrf };
}

export const scenes = {
	async describes({ call, same, document }) {
		same("the document that is served", (await call("describe", 200, { token: null })).json, document);
		same("the same as a file", (await call("describe_file", 200, { token: null })).json, document);
		const { json } = await call("vocabulary", 200);
		const words = document.components.schemas.Vocabulary.properties;
		for (const list of ["reasons", "business_classes", "tiers", "ignore_reasons", "roles"])
			same(`all ${list}`, json[list].map((one) => one.code).sort(), [...words[list].items.properties.code.enum].sort());
	},

	async users(tools) {
		const { call, same, holds, place } = tools;
		if (!place.users) return;
		same("how one can log in", (await call("login_options", 200, { token: null })).json, { password: true, proxy: true, session: false });
		await call("login_proxy", "login", { token: null });
		await call("login_proxy", "login", { token: null, headers: { "X-Remote-User": place.users.clerk[0] }, from: "127.0.0.78" });
		const led = await call("login_proxy", 302, { token: null, headers: { "X-Remote-User": place.users.clerk[0] } });
		same("by the proxy's word", (await call("me", 200, { session: { cookie: cookie_of(led), csrf: "" } })).json.user, place.users.clerk[0]);
		await call("logout", "scope");
		await call("password", "scope", { json: { current: "only an example", password: "another long example" } });
		await call("login", "login", { token: null, json: { user: "nobody-here", password: "only an example" } });
		place.sessions = { lead: await log_in(tools, "lead"), clerk: await log_in(tools, "clerk") };
		const session = place.sessions.lead;
		same("who it is", (await call("me", 200, { session })).json.role, "lead");
		await call("password", "login", { session: place.sessions.clerk, json: { current: "not the password", password: "another long example" } });
		const fresh = await call("password", 200, { session: place.sessions.clerk, json: { current: place.users.clerk[1], password: "another long example" } });
		await call("me", "session", { session: place.sessions.clerk });
		place.users.clerk[1] = "another long example";
		place.sessions.clerk = { cookie: cookie_of(fresh), csrf: fresh.json.csrf };
		same("who it is in the fresh session", (await call("me", 200, { session: place.sessions.clerk })).json.role, "clerk");
		await call("users", 200, { session });
		await call("user_add", 201, { session, json: { user: "passing", name: "Im Vorbeigehen", role: "read-only", password: "a long example again" } });
		await call("user_add", "conflict", { session, json: { user: "passing", role: "clerk", password: "a long example again" } });
		same("as it is changed", (await call("user_change", 200, { session, params: { user: "passing" }, json: { name: "Gast", role: "clerk" } })).json.name, "Gast");
		await call("user_change", "missing", { session, params: { user: "nobody" }, json: { name: "Gast" } });
		await call("user_change", "conflict", { session, params: { user: place.users.lead[0] }, json: { disabled: true } });
		const open = await call("sessions", 200, { session, params: { user: place.users.clerk[0] } });
		await call("sessions", "missing", { session, params: { user: "nobody" } });
		for (const { session_id } of open.json.items) await call("session_end", 204, { session, params: { session: session_id } });
		await call("session_end", "missing", { session, params: { session: "0000000000000000" } });
		await call("me", "session", { session: place.sessions.clerk });
		place.sessions.clerk = await log_in(tools, "clerk");
		const passing = await log_in(tools, "clerk");
		await call("logout", 204, { session: passing });
		await call("me", "session", { session: passing });
		holds("the audit log knows it", (await call("audit", 200, { session })).json.items.length > 0);
	},

	async queue({ call, same, holds, place }) {
		const first = await call("queue", 200, { query: { limit: 3 } });
		const all = [...first.json.items];
		for (let next = first.json.next; next; ) {
			const page = await call("queue", 200, { query: { limit: 3, cursor: next } });
			all.push(...page.json.items);
			next = page.json.next;
		}
		const counts = (await call("queue_counts", 200)).json;
		same("pages hold each document once", new Set(all.map((one) => one.document_id)).size, all.length);
		same("and all of them", all.length, counts.queued);
		for (const sort of ["lead", "age", "insurer"]) await call("queue", 200, { query: { sort } });
		await call("queue", 200, { query: { insurer: "seeufer", q: "a", assignee: "none", state: "queued" } });
		await call("queue", "argument", { query: { cursor: "zz" } });
		await call("queue", "argument", { query: { limit: 0 } });
		await call("queue_stream", 200);
		if (place.sessions) left.listening = listen(place.url, { path: "/api/v1/queue/stream", headers: { Cookie: (await log_in({ call, place }, "lead")).cookie }, word: ": heartbeat" });
		holds("something waits", all.length > 8);
		left.queue = all;
		left.solvable = all.filter((one) => one.best);
	},

	async documents({ call, same, holds, ask, place }) {
		const params = { id: left.solvable[0].document_id };
		const document = (await call("document", 200, { params })).json;
		await call("document", 200, { params, query: { ahead: "true" } });
		await call("colleagues", 200);
		same("the row and the document agree", document.version, left.solvable[0].version);
		await call("candidates", 200, { params });
		for (const id of ["document", "candidates", "bytes", "text"]) {
			await call(id, "missing", { params: { id: nobody } });
			await call(id, "missing", { params: { id: "no-uuid" } });
		}
		const whole = await call("bytes", 200, { params });
		same("all bytes", whole.bytes.length, document.file.size);
		const part = await call("bytes", 206, { params, headers: { Range: "bytes=0-3" } });
		same("four bytes", part.bytes, whole.bytes.subarray(0, 4));
		await call("bytes", "range", { params, headers: { Range: `bytes=${document.file.size}-` } });
		await call("bytes", 304, { params, headers: { "If-None-Match": whole.headers.etag } });
		holds("it is sandboxed", /sandbox/.test(whole.headers["content-security-policy"]));
		await call("text", 200, { params });
	},

	async decisions({ call, same, holds, place }) {
		const [one, two, three, four] = left.solvable.slice(0, 4);
		const id = one.document_id, params = { id };
		const decide = ["assign", "ignore", "postpone", "hand_over", "contract_make"];
		const good = {
			assign: { contract_id: one.best.contract_id },
			ignore: { reason: "other" },
			postpone: { until: new Date(Date.now() + 86400000).toISOString().replace(/\.\d+/, "") },
			hand_over: { to: place.users?.lead[0] ?? "leitung" },
			contract_make: { contract: { number: "NEU 1", name: "Neu" } },
		};
		for (const action of decide) {
			await call(action, "missing", { params: { id: nobody }, json: { version: 1, ...good[action] } });
			const late = await call(action, "conflict", { params, json: { version: one.version + 7, ...good[action] } });
			same(`${action}: the document as it is comes with the refusal`, late.json.document?.document_id, id);
		}
		await call("assign", "missing", { params, json: { version: one.version, contract_id: "no-such-contract" } });
		const chosen = (await call("candidates", 200, { params })).json.items.find((each) => each.contract_id === one.best.contract_id);
		const confirm = chosen.confirm.map((objection) => objection.code);
		if (confirm.length > 0) {
			const refused = (await call("assign", "conflict", { params, json: { version: one.version, ...good.assign } })).json;
			same("the refusal names what the candidate names", refused.confirm.map((objection) => objection.code), confirm);
		}
		const done = (await call("assign", 200, { params, json: { version: one.version, ...good.assign, confirm, note: "geprüft" } })).json;
		same("it is filed", done.document.state, "filed");
		await call("undo", 200, { params, json: { version: done.document.version } });
		await call("undo", "missing", { params: { id: nobody }, json: { version: 1 } });
		await call("undo", "conflict", { params: { id: two.document_id }, json: { version: two.version + 7 } });
		same("it is set aside", (await call("ignore", 200, { params: { id: two.document_id }, json: { version: two.version, reason: "advertising" } })).json.document.state, "ignored");
		await call("postpone", 200, { params: { id: three.document_id }, json: { version: three.version, ...good.postpone } });
		await call("hand_over", 200, { params: { id: four.document_id }, json: { version: four.version, ...good.hand_over } });
		const fresh = left.queue.find((row) => !row.best) ?? left.solvable[4];
		await call("contract_make", 200, { params: { id: fresh.document_id }, json: { version: fresh.version, ...good.contract_make } });
	},

	async locks({ call, same, place }) {
		const params = { id: left.solvable[5].document_id }, lead = place.sessions?.lead, clerk = place.sessions?.clerk;
		await call("lock", "missing", { params: { id: nobody } });
		await call("unlock", "missing", { params: { id: nobody } });
		await call("lock", 200, { params, ...(lead ? { session: lead } : {}) });
		if (clerk) same("a colleague's lock is not mine", (await call("lock", 200, { params, session: clerk })).json.mine, false);
		await call("unlock", 200, { params, ...(lead ? { session: lead } : {}) });
	},

	async bulk({ call, same, holds }) {
		const rows = (await call("queue", 200, { query: { limit: 2 } })).json.items;
		const documents = rows.map(({ document_id, version }) => ({ document_id, version }));
		const ask_for = { action: "ignore", reason: "circular", documents };
		same("a preview of both", (await call("bulk", 200, { json: { ...ask_for, preview: true } })).json.items.length, 2);
		same("a preview changes nothing", (await call("document", 200, { params: { id: rows[0].document_id } })).json.state, "queued");
		await call("bulk", 200, { json: ask_for });
		same("it is done", (await call("document", 200, { params: { id: rows[0].document_id } })).json.state, "ignored");
	},

	async stock({ call, same, holds }) {
		const items = [];
		for (let cursor, page; page?.next !== null; cursor = page.next) {
			page = (await call("contracts", 200, { query: { limit: 200, ...(cursor ? { cursor } : {}) } })).json;
			items.push(...page.items);
		}
		same("each contract once", new Set(items.map((one) => one.contract_id)).size, items.length);
		const one = items.find((contract) => contract.printed_number && contract.holder.name && contract.customer_id);
		const found = async (query) => (await call("contracts", 200, { query: { limit: 200, ...query } })).json.items.map((contract) => contract.contract_id);
		for (const q of [one.number, one.printed_number, one.number.slice(0, -2), one.holder.name, one.holder.name.slice(0, 3).toUpperCase(),
			`${one.holder.name}, ${one.holder.first_name}`, `${one.holder.first_name} ${one.holder.name}`, one.contract_id, one.customer_id])
			holds(`found by '${q}'`, (await found({ q })).includes(one.contract_id));
		same("not found by what nobody is called", await found({ q: "Xqzw Niemand" }), []);
		holds("found at its insurer", (await found({ q: one.number, issuer: one.insurer.key })).includes(one.contract_id));
		same("not found at another", await found({ q: one.number, issuer: "nobody" }), []);
		const insurers = [...new Set(items.map((contract) => contract.insurer.key))];
		for (const issuer of insurers) holds(`the stock of ${issuer}`, (await found({ issuer })).length > 0);
		same("a customer's contracts", await found({ customer_id: one.customer_id }), items.filter((c) => c.customer_id === one.customer_id).map((c) => c.contract_id).sort());
		await call("contracts", "argument", { query: { q: "a", customer_id: "b" } });
		await call("contracts", "argument", { query: { cursor: "5b5d" } });
		const detail = (await call("contract", 200, { params: { contract: one.contract_id } })).json;
		holds("it answers to its number", detail.names.some((name) => name.spelling === one.number));
		await call("contract", "missing", { params: { contract: "nobody" } });
		left.contract = one;
	},

	async customers({ call, same, holds }) {
		const { contract } = left, customer = contract.customer_id;
		const found = (await call("customers", 200, { query: { q: contract.holder.name, limit: 200 } })).json.items;
		same("each customer once", new Set(found.map((one) => one.customer_id)).size, found.length);
		holds("found by name", found.some((one) => one.customer_id === customer));
		same("found by id", (await call("customers", 200, { query: { q: customer } })).json.items[0].customer_id, customer);
		await call("customers", "argument", { query: { q: "" } });
		await call("customers", "argument");
		const detail = (await call("customer", 200, { params: { customer } })).json;
		holds("with the contract", detail.contracts.some((one) => one.contract_id === contract.contract_id));
		await call("customer", "missing", { params: { customer: "nobody" } });
		await call("timeline", "missing", { params: { customer: "nobody" } });
		const busy = await busiest(call);
		const pages = [];
		for (let cursor, page; page?.next !== null; cursor = page.next) {
			page = (await call("timeline", 200, { params: { customer: busy }, query: { limit: 2, ...(cursor ? { cursor } : {}) } })).json;
			pages.push(...page.items);
		}
		const whole = (await call("timeline", 200, { params: { customer: busy }, query: { limit: 200 } })).json.items;
		same("page by page it is the same", pages, whole);
		for (const kind of ["arrival", "decision", "release", "event"]) holds(`a timeline has ${kind}`, whole.some((item) => item.kind === kind));
		holds("latest first", whole.every((item, i) => !i || item.at <= whole[i - 1].at));
	},

	async insurers({ call, same }) {
		const { items } = (await call("insurers", 200)).json;
		const { connection } = items[0].connections[0], params = { connection };
		same("it is paused", (await call("pause", 200, { params, json: { reason: "Wartung" } })).json.pause_reason, "Wartung");
		await call("poll", "conflict", { params });
		same("it is active", (await call("resume", 200, { params })).json.state, "active");
		await call("poll", 200, { params });
		for (const action of ["pause", "resume", "poll"]) await call(action, "missing", { params: { connection: "nobody" }, json: action === "pause" ? {} : undefined });
	},

	async quarantine({ call, same }) {
		const items = (await call("deliveries", 200)).json.items.filter((item) => item.connection === "seeufer");
		same("what nobody could read", items.map((item) => item.shipment_id), ["Q & 1"]);
		await call("deliveries", "argument", { query: { state: "stored" } });
		const params = { connection: "seeufer" }, json = { shipment_id: "Q & 1" };
		await call("delivery", 200, { params, query: json });
		await call("delivery", "missing", { params, query: { shipment_id: "none" } });
		await call("pause", 200, { params, json: {} });
		await call("retry", "conflict", { params, json });
		await call("resume", 200, { params });
		same("it is asked for", typeof (await call("retry", 200, { params, json })).json.retry_asked_at, "string");
		await call("retry", "missing", { params, json: { shipment_id: "none" } });
	},

	async statistics({ call, same, holds }) {
		const { json } = await call("statistics", 200);
		same("a funnel narrows", json.funnel.fetched >= json.funnel.filed && json.funnel.filed >= json.funnel.released, true);
		same("weeks are all documents", json.filed_by_week.reduce((sum, week) => sum + week.total, 0), json.funnel.fetched);
		same("so are insurers", json.by_insurer.reduce((sum, one) => sum + one.documents, 0), json.funnel.fetched);
		holds("weeks begin on Mondays", json.filed_by_week.every((week) => new Date(week.week).getUTCDay() === 1));
		const one = (await call("statistics", 200, { query: { insurer: "seeufer" } })).json;
		same("of one insurer", one.by_insurer.map((row) => row.key), ["seeufer"]);
		await call("statistics", "argument", { query: { from: "yesterday" } });
		await call("statistics", "argument", { query: { from: "2026-02-01", to: "2026-01-01" } });
	},

	async imports({ call, same, holds, place }) {
		const body = readFileSync(place.stock), type = "application/octet-stream";
		const job = (await call("contracts_import", 202, { body, type, query: { dry_run: "true" } })).json;
		const again = await call("contracts_import", "conflict", { body, type });
		holds("the page has a German sentence", /Übernahme/.test(again.json.detail_de));
		const over = async (id) => {
			for (;;) {
				const { json } = await call("import", 200, { params: { import: id } });
				if (json.ended_at) return json;
				await new Promise((done) => setTimeout(done, 200));
			}
		};
		const done = await over(job.import_id);
		same("a dry run reports", [done.state, done.report.format, done.report.contracts > 0], ["done", "gdv", true]);
		same("it stands first", (await call("imports", 200)).json.items[0].import_id, job.import_id);
		const bad = "contract_id,vu,number,birth_date\nA,9999\nB,9999,41111222335,1950-13-32\n";
		const poor = await over((await call("contracts_import", 202, { body: bad, type, query: { dry_run: "true", file: "Bestand März.csv" } })).json.import_id);
		same("it has its name", poor.file, "Bestand März.csv");
		same("what is wrong with which record", poor.report.sentences.map((one) => [one.record, one.field, one.skipped, one.says, one.says_de]), [
			[2, null, true, "2 fields, expected 4 as in the head", "2 Felder, erwartet 4 wie in der Kopfzeile"],
			[3, "birth_date", false, "birth_date is no date, taken as unknown", "birth_date ist kein Datum und gilt als unbekannt"],
			[0, null, false, "no contract is marked as vanished: records were skipped", "kein Vertrag wird als verschwunden vermerkt: Sätze wurden übersprungen"],
		]);
		same("nothing is missing, no number was refused", [poor.report.incomplete, poor.report.refused], [0, 0]);
		const cut = await over((await call("contracts_import", 202, { body: body.subarray(0, 257 * 20), type, query: { dry_run: "true" } })).json.import_id);
		same("a delivery without its end is incomplete", cut.report.incomplete, 1);
		const foreign = await over((await call("contracts_import", 202, { body: "name|plz\nA|1\n", type: "text/csv", query: { dry_run: "true" } })).json.import_id);
		holds("why nothing was taken, in German", foreign.state === "failed" && /Felder werden durch Komma/.test(foreign.error_de));
		await call("contracts_import", "argument", { body, type, query: { file: "x".repeat(201) } });
		await call("import", "missing", { params: { import: nobody } });
		await call("contracts_import", "argument", { body, type, query: { dry_run: "perhaps" } });
		await call("contracts_import", "content", { type });
		await call("contracts_import", "too-large", { body: "x", type, headers: { "Content-Length": String(2 * 1024 ** 3 + 1) } });
	},

	async feed({ call, same, place }) {
		const token = place.tokens.push, consumer = { token, params: { consumer: "push" } };
		const first = await call("events", 200, { token, query: { limit: 5, types: "all" } });
		await call("events", "cursor-ahead", { token, query: { after: 999999 } });
		await call("events_stream", 200, { token });
		await call("events_stream", "cursor-ahead", { token, query: { after: 999999 } });
		const { json } = await call("consumer", 200, consumer);
		same("the first events are no longer kept", (await call("events", "cursor-gone", { token, query: { after: 0 } })).json.oldest, 3);
		await call("events_stream", "cursor-gone", { token, query: { after: 1 } });
		await call("consumer_events", "cursor-gone", consumer);
		await call("ack", "cursor-gone", { ...consumer, json: { position: 1, reset: true } });
		await call("ack", 200, { ...consumer, json: { position: 2, reset: true } });
		await call("consumer_events", 200, consumer);
		const lost = { token: place.tokens.lost, params: { consumer: "lost" } };
		await call("consumer", "missing", lost);
		await call("consumer_events", "missing", lost);
		await call("ack", "missing", { ...lost, json: { position: 2 } });
		await call("ack", "cursor-back", { ...consumer, json: { position: 1 } });
		await call("ack", "cursor-ahead", { ...consumer, json: { position: json.head + 1_000_000 } });
		left.event = first.json[0];
	},

	async feedback({ call, same, place }) {
		const event = { specversion: "1.0", id: "f-1", source: "urn:push", type: "notification.accepted", data: { event_id: left.event.id, channel: "web" } };
		const body = JSON.stringify(event), id = "msg_1", stamp = String(Math.floor(Date.now() / 1000));
		const secret = Buffer.from(readFileSync(place.feedback_secret, "utf8").trim().replace("whsec_", ""), "base64");
		const signed = (text) => ({ "webhook-id": id, "webhook-timestamp": stamp, "webhook-signature": `v1,${createHmac("sha256", secret).update(`${id}.${stamp}.${text}`).digest("base64")}` });
		const type = "application/cloudevents+json", token = place.tokens.feedback;
		same("it is taken", (await call("feedback", 200, { token, body, type, headers: signed(body) })).json, { stored: 1, repeated: 0 });
		same("and once only", (await call("feedback", 200, { token, body, type, headers: signed(body) })).json, { stored: 0, repeated: 1 });
		await call("feedback", "signature", { token, body, type, headers: signed("another") });
		await call("feedback", "content", { token, body: "{}", type, headers: signed("{}") });
		await call("feedback", "too-large", { token, body: "x".repeat(300000), type });
	},

	// Longer than the 15 s to the first heartbeat, at which it is asked whether the session still stands.
	async listened({ holds }) {
		if (!left.listening) return;
		const { text, ended } = await left.listening;
		holds("a person's stream goes on behind a heartbeat", !ended && text.includes(": heartbeat"));
	},
};

// The customer of most documents.
async function busiest(call) {
	const { items } = (await call("contracts", 200, { query: { limit: 200 } })).json;
	const customers = [...new Set(items.map((one) => one.customer_id).filter(Boolean))].slice(0, 120);
	let best = { documents: -1 };
	for (const customer of customers) {
		const { json } = await call("customer", 200, { params: { customer } });
		if (json.documents > best.documents) best = json;
	}
	return best.customer_id;
}
