// The program against its OpenAPI document: every operation is asked for what it promises and for every refusal that it
// documents; status, media type, schema and members of each answer are judged.
// usage: node contract.mjs PLACE.json   {url, tokens: {all, NAME_OF_SCOPE..., push}, users: {ROLE: [name, password]}, stock: FILE}
// Closes with 'N passed, N failed'. What was not reached is a failure.
import { readFileSync } from "node:fs";
import { ask, document, judge, kind_of, operations, path_of, refusals_of } from "./api_document.mjs";
import { scenes } from "./contract_scenes.mjs";

const place = JSON.parse(readFileSync(process.argv[2], "utf8"));
let passed = 0;
const failures = [];
const fail = (what) => failures.push(what);
const reached = new Map(Object.keys(operations).map((id) => [id, new Set()]));

// What the audit log says of each operation that changes or shows something; a function of what was sent, null: nothing.
const noted = {
	login: "login", login_proxy: "login", logout: "logout", password: "user.password", user_add: "user.add", user_change: "user.change", session_end: "session.end",
	document: (sent) => (sent.query?.ahead === "true" ? "document.preloaded" : "document.viewed"), bytes: "document.read", text: "document.read", candidates: "candidates.viewed",
	assign: "document.assign", ignore: "document.ignore", postpone: "document.postpone", hand_over: "document.hand-over", undo: "document.undo", contract_make: "document.contract",
	bulk: ({ json }) => (json.preview ? null : `document.${json.action}`),
	contracts_import: "contracts.import", pause: "connection.pause", resume: "connection.resume", poll: "connection.poll", retry: "delivery.retry",
	ack: ({ json }) => (json.reset ? "consumer.reset" : null), // going on is a consumer's daily work
};
const unnoted = new Set(["lock", "unlock", "feedback"]); // a courtesy that is over in two minutes; what is kept by itself, signed

const heads = {
	token: (token) => ({ Authorization: `Bearer ${token}` }),
	session: (session) => ({ Cookie: session.cookie, "X-CSRF-Token": session.csrf }),
};

async function latest_note() {
	const { items } = (await ask(place.url, { path: `${operations.audit.path}?limit=1`, headers: heads.token(place.tokens.users) })).json;
	return items[0] ?? null;
}

// Is what was done the latest line of the audit log, in words that the page has?
async function note_check(id, sent, before) {
	const expected = typeof noted[id] === "function" ? noted[id](sent) : noted[id];
	if (!expected) return;
	const note = await latest_note();
	if (JSON.stringify(note) !== JSON.stringify(before) && note.action === expected && place.audit_actions.has(expected)) passed++;
	else fail(`${id}: the audit log's latest line is ${JSON.stringify(note)}, expected ${expected}`);
}

// call("assign", {...}) -> the answer. expected: a status, or the type of a problem.
async function call(id, expected, request = {}) {
	const { params, query, json, body, type, headers = {}, token = place.tokens.all, session, from } = request;
	const operation = operations[id];
	const before = noted[id] ? await latest_note() : null;
	const sent = json !== undefined ? JSON.stringify(json) : body;
	const media = type ?? (json !== undefined ? "application/json" : undefined);
	const answer = await ask(place.url, {
		method: operation.method,
		path: path_of(operation, params, query),
		from,
		body: sent ?? (operation.method === "GET" ? undefined : ""),
		headers: { ...(media ? { "Content-Type": media } : {}), ...(session ? heads.session(session) : token ? heads.token(token) : {}), ...headers },
	});
	const got = answer.status >= 400 ? kind_of(answer) : String(answer.status);
	const breaches = judge(operation, answer);
	reached.get(id).add(got);
	if (got !== String(expected)) breaches.push(`${id}: expected ${expected}, got ${answer.status} ${answer.text.slice(0, 300)}`);
	if (noted[id] && answer.status < 400 && answer.status !== 304) await note_check(id, request, before);
	if (got === "scope" && scopes_of(operation).length) same(`${id}: the refusal is noted`, (await latest_note())?.action, "refused");
	if (breaches.length) breaches.forEach(fail);
	else passed++;
	return answer;
}

function same(what, got, expected) {
	if (JSON.stringify(got) === JSON.stringify(expected)) passed++;
	else fail(`${what}: got ${JSON.stringify(got)}, expected ${JSON.stringify(expected)}`);
}
const holds = (what, truth) => same(what, Boolean(truth), true);

// ---- what holds for every operation ----

const no_session = { cookie: "vorpost_session=vps_00000000000000000000000000000000", csrf: "none" };
const scopes_of = (operation) => (operation.description?.match(/^Needs the scope (.*)\.$/)?.[1] ?? "").split(" or ").filter(Boolean);

// A token of every scope but those that the operation takes.
const stranger = (operation) => Object.entries(place.tokens).find(([name]) => name !== "all" && !["push", "feedback", "lost"].includes(name) && !scopes_of(operation).includes(name))?.[1];

async function refusals_of_all() {
	for (const operation of Object.values(operations)) {
		const kinds = refusals_of(operation), id = operation.id;
		const json = operation.requestBody && operation.requestBody.content["application/json"];
		await call(id, "argument", { query: { nonsense: "1" }, token: operation.id === "feedback" ? place.tokens.feedback : scopes_of(operation).some((s) => s.startsWith("events")) ? place.tokens.push : place.tokens.all });
		if (kinds.includes("token")) await call(id, "token", { token: null });
		if (kinds.includes("session") && place.sessions && !operation.security.some((one) => one.signature)) await call(id, "session", { session: no_session });
		if (kinds.includes("scope") && scopes_of(operation).length) await call(id, "scope", { token: stranger(operation) });
		if (kinds.includes("csrf") && place.sessions) await call(id, "csrf", { session: { ...place.sessions.lead, csrf: "wrong" } });
		if (!operation.requestBody) continue;
		const may = { token: operation.open ? null : id === "feedback" ? place.tokens.feedback : scopes_of(operation).some((s) => s.startsWith("events")) ? place.tokens.push : place.tokens.all };
		if (id === "password" && place.sessions) (may.session = place.sessions.clerk), (may.token = null);
		if (kinds.includes("media-type")) await call(id, "media-type", { ...may, body: "{}", type: "text/html" });
		if (json && kinds.includes("malformed") && id !== "ack") await call(id, "malformed", { ...may, body: "{", type: "application/json" });
		if (json && kinds.includes("content")) await call(id, "content", { ...may, json: { nonsense: 1 } });
		if (json && kinds.includes("too-large")) await call(id, "too-large", { ...may, body: `{"a":"${"x".repeat(2 * 1024 * 1024)}"}`, type: "application/json" });
	}
}

async function refusals_of_the_server() {
	const contracts = operations.contracts;
	const throttled = async () => {
		for (let i = 0; i < 20; i++) {
			const answer = await ask(place.url, { path: contracts.path, headers: heads.token("vpt_wrong"), from: "127.0.0.77" });
			judge(contracts, answer).forEach(fail);
			if (kind_of(answer) === "throttled") return answer;
		}
	};
	holds("many wrong tokens are throttled, with Retry-After", (await throttled())?.headers["retry-after"]);
	const large = await ask(place.url, { path: contracts.path, headers: { ...heads.token(place.tokens.all), "X-Long": "x".repeat(18000) } });
	same("a large head", kind_of(large), "head-too-large");
	judge(contracts, large).forEach(fail);
	const rebound = await ask(place.url, { path: contracts.path, headers: { ...heads.token(place.tokens.all), Host: "evil.example" } });
	same("another name of this machine", kind_of(rebound), "host");
	judge(contracts, rebound).forEach(fail);
	const twice = await ask(place.url, { path: contracts.path, headers: { Authorization: heads.token(place.tokens.all).Authorization, Host: ["a", "b"] } }).catch(() => null);
	if (twice) holds("a header that comes twice", twice.status === 400);
	same("no such path", kind_of(await ask(place.url, { path: "/api/v1/nothing", headers: heads.token(place.tokens.all) })), "path");
	const method = await ask(place.url, { method: "DELETE", path: contracts.path, headers: heads.token(place.tokens.all) });
	const bodied = await ask(place.url, { method: "DELETE", path: contracts.path.replace(/contracts.*/, "sessions/0000"), headers: { ...heads.token(place.tokens.all), "Content-Type": "application/json" }, body: "{}" });
	same("a body where none is taken", kind_of(bodied), "too-large");
	same("another method", [kind_of(method), method.headers.allow], ["method", "GET"]);
}

// ---- everything ----

// What no test can bring about from outside, or what belongs to a test of its own.
const elsewhere = new Set([
	...["malformed", "argument", "host", "throttled", "rate", "head-too-large", "internal", "database-away", "stopping"], // of the server; tests/review/api.sh, tests/api
]);
const not_here = new Set(place.not_here ?? []); // "operation refusal": needs what this place has not (a program without `login_header:`)

function coverage() {
	for (const [id, operation] of Object.entries(operations)) {
		const good = Object.keys(operation.responses).filter((status) => status < 400 && status !== "304");
		for (const what of [...good, ...refusals_of(operation).filter((kind) => !elsewhere.has(kind))])
			if (reached.get(id).has(what) || (what === "too-large" && operation.method === "DELETE") || // tried of one of them, above
				 not_here.has(`${id} ${what}`)) passed++;
			else fail(`not reached: ${operation.method} ${operation.path} (${id}) ${what}`);
	}
}

place.audit_actions = new Set((await ask(place.url, { path: operations.vocabulary.path, headers: heads.token(place.tokens.users) })).json.audit_actions.map((one) => one.code));
for (const { id, method } of Object.values(operations))
	if (method !== "GET") holds(`${id}: it is said whether the audit log has it`, noted[id] || unnoted.has(id));
const tools = { call, same, holds, place, fail, ask: (request) => ask(place.url, request), document };
for (const [name, scene] of Object.entries(scenes)) {
	try {
		await scene(tools);
	} catch (error) {
		fail(`${name}: ${error.stack}`);
	}
}
await refusals_of_all();
await refusals_of_the_server();
coverage();
for (const failure of new Set(failures)) console.log(`FAILED: ${failure}`);
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length ? 1 : 0);
