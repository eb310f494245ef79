// The HTTP API in one place: node docs/api/openapi.mjs writes docs/api/openapi.json; --check only compares.
// The program serves that file at /api. Schemas stand in schemas.mjs, refusals in problems.mjs.
//
// Evolution: members may be added to answers, words to enumerations; nothing is removed or renamed below /api/v1.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { anywhere, behind_login, problems, with_body, with_cookie } from "./problems.mjs";
import { schemas } from "./schemas.mjs";
import { date, int, one_of, ref, sample, text, uuid } from "./shape.mjs";

const limit = int("At most so many.", 50, { minimum: 1, maximum: 200, default: 50 });
const paging = { limit, cursor: text("`next` of the page before.", "b2Zmc2V0", { maxLength: 500 }) };
const query_text = (what) => text(what, "Tannhuber", { maxLength: 200 });
const filters = {
	reason: text("Code of a reason.", "number_unknown"),
	insurer: text("Key of the insurer file.", "seeufer"),
	business_class: text("Code of a class.", "invoice"),
	line: text("", "050"),
	q: query_text("Number, plate and birth date in any spelling, name, file name; or words inside the document, the last one may be a beginning."),
	assignee: text("me, none, or a user.", "me"),
	state: one_of(["queued", "postponed"]),
};
const span = { from: date("First day; default: 12 weeks ago."), to: date("Last day; default: today.") };
const types = text("Names of types and the groups customer, broker, all, parted by commas.", "customer");
const wait = int("Seconds to wait for something.", 0, { minimum: 0, maximum: 60 });
const batch = int("", 100, { minimum: 1, maximum: 1000, default: 100 });
const after = text("A position, start or head.", "start");

// What is the same in all path parameters of a name.
const path_schemas = {
	id: uuid("The document."),
	import: uuid("The import."),
	contract: text("Id of the contract.", "c-20417", { minLength: 1 }),
	customer: text("Id of the customer.", "k-1187", { minLength: 1 }),
	connection: text("Name of the connection.", "seeufer-makler", { minLength: 1 }),
	user: text("Login name.", "sachbearbeitung", { minLength: 1 }),
	session: text("", "5f0c1a2b3c4d5e6f", { minLength: 1 }),
	consumer: text("Name of the consumer that the token is bound to.", "push", { minLength: 1 }),
};

const json = (name) => ({ "application/json": ref(name) });
const bytes = (...media) => Object.fromEntries(media.map((type) => [type, { type: "string" }]));
const decided = { 200: ["Decided.", json("Decided")] };
const decide = { scopes: ["decisions"], tag: "desk", replies: decided, also: ["missing", "conflict"] };
const connection_said = { tag: "insurers", scopes: ["insurers"], replies: { 200: ["As it is now.", json("Connection")] }, also: ["missing"] };
const by_secret = "The file itself, as text or JSON.";

// METHOD PATH -> id: of the operation; scopes: one of them is needed, [] any login, absent: none at all
const operations = {
	"GET /api": { tag: "api", id: "describe", says: "This document", replies: { 200: [by_secret, { "application/json": { type: "object" } }] } },
	"GET /api/openapi.json": { tag: "api", id: "describe_file", says: "This document", replies: { 200: [by_secret, { "application/json": { type: "object" } }] } },
	"GET /api/v1/vocabulary": { tag: "api", id: "vocabulary", says: "The closed lists that answers draw from, with words for people", scopes: [], replies: { 200: ["All lists.", json("Vocabulary")] } },

	// ---- users ----

	"GET /api/v1/login/options": { tag: "users", id: "login_options", says: "How one can log in here", replies: { 200: ["The ways.", json("LoginOptions")] } },
	"POST /api/v1/login": { tag: "users", id: "login", says: "Open a session", body: json("Login"), replies: { 200: ["Who it is; the cookie is set.", json("Me")] }, also: ["login"] },
	"POST /api/v1/logout": { tag: "users", id: "logout", says: "End the session", scopes: [], replies: { 204: ["It is over."] }, also: ["scope"] },
	"GET /api/v1/login/proxy": { tag: "users", id: "login_proxy", says: "Open a session for whom the reverse proxy names in `login_header:`", replies: { 302: ["To the page; the cookie is set."] }, also: ["login", "path"] },
	"GET /api/v1/me": { tag: "users", id: "me", says: "Who asks", scopes: [], replies: { 200: ["The caller.", json("Me")] } },
	"POST /api/v1/me/password": { tag: "users", id: "password", says: "Change one's own password", scopes: [], body: json("PasswordChange"), replies: { 200: ["Changed; all sessions are over, and this one goes on in a fresh one: the cookie is set, the CSRF token is new.", json("Me")] }, also: ["login", "scope"] },
	"GET /api/v1/users": { tag: "users", id: "users", says: "Accounts", scopes: ["users"], query: paging, replies: { 200: ["A page.", json("UserPage")] } },
	"POST /api/v1/users": { tag: "users", id: "user_add", says: "One more account", scopes: ["users"], body: json("UserAdd"), replies: { 201: ["Made.", json("User")] }, also: ["conflict"] },
	"PATCH /api/v1/users/{user}": { tag: "users", id: "user_change", says: "Change name, role, password; disable", scopes: ["users"], body: json("UserChange"), replies: { 200: ["As it is now.", json("User")] }, also: ["missing", "conflict"] },
	"GET /api/v1/users/{user}/sessions": { tag: "users", id: "sessions", says: "Open sessions", scopes: ["users"], query: paging, replies: { 200: ["A page.", json("SessionPage")] }, also: ["missing"] },
	"DELETE /api/v1/sessions/{session}": { tag: "users", id: "session_end", says: "End a session", scopes: ["users"], replies: { 204: ["It is over."] }, also: ["missing"] },
	"GET /api/v1/audit": { tag: "users", id: "audit", says: "Who decided, who looked at what, what was done to insurers and the stock, and who was refused", scopes: ["users"], query: { ...paging, user: text("", "sachbearbeitung"), action: text("", "document.viewed"), object: text("") }, replies: { 200: ["A page, latest first.", json("AuditPage")] } },

	// ---- desk ----

	"GET /api/v1/queue": { tag: "desk", id: "queue", says: "What waits for a person", scopes: ["documents"], query: { ...filters, sort: one_of(["lead", "age", "insurer"]), ...paging }, replies: { 200: ["A page.", json("QueuePage")] } },
	"GET /api/v1/queue/counts": { tag: "desk", id: "queue_counts", says: "How much waits", scopes: ["documents"], query: filters, replies: { 200: ["Counts.", json("QueueCounts")] } },
	"GET /api/v1/queue/stream": { tag: "desk", id: "queue_stream", says: "Counts, decisions and locks as they happen", scopes: ["documents"], replies: { 200: ["Server-sent events: counts, decided, locked, unlocked.", bytes("text/event-stream")] } },
	"GET /api/v1/documents/{id}": { tag: "desk", id: "document", says: "One document with all that is known", scopes: ["documents"], query: { ahead: one_of(["true", "false"], "Asked for while the one before is looked at: the audit log says so, and the view is noted when it is asked for again.") }, replies: { 200: ["The document.", json("Document")] }, also: ["missing"] },
	"GET /api/v1/colleagues": { tag: "desk", id: "colleagues", says: "Who may decide here: to hand a document to", scopes: ["decisions"], replies: { 200: ["All of them.", json("ColleagueList")] } },
	"GET /api/v1/documents/{id}/candidates": { tag: "desk", id: "candidates", says: "Contracts that it may belong to, best first", scopes: ["documents"], replies: { 200: ["Candidates.", json("CandidateList")] }, also: ["missing"] },
	"GET /api/v1/documents/{id}/bytes": { tag: "desk", id: "bytes", says: "The document itself", scopes: ["documents"], replies: { 200: ["All bytes.", bytes("application/pdf", "image/png", "image/jpeg", "image/tiff", "text/plain; charset=utf-8", "application/octet-stream")], 206: ["A range.", bytes("application/pdf", "image/png", "image/jpeg", "image/tiff", "text/plain; charset=utf-8", "application/octet-stream")], 304: ["As the client has it."] }, also: ["missing", "range"] },
	"GET /api/v1/documents/{id}/text": { tag: "desk", id: "text", says: "Its text layer, and where its numbers stand", scopes: ["documents"], replies: { 200: ["Pages.", json("TextLayer")] }, also: ["missing"] },
	"POST /api/v1/documents/{id}/assign": { ...decide, id: "assign", says: "File it at one or several contracts", body: json("Assign") },
	"POST /api/v1/documents/{id}/ignore": { ...decide, id: "ignore", says: "It belongs to no contract", body: json("Ignore") },
	"POST /api/v1/documents/{id}/postpone": { ...decide, id: "postpone", says: "Show it again later", body: json("Postpone") },
	"POST /api/v1/documents/{id}/hand-over": { ...decide, id: "hand_over", says: "Hand it to a colleague", body: json("HandOver") },
	"POST /api/v1/documents/{id}/undo": { ...decide, id: "undo", says: "Take the last decision back", body: json("Undo") },
	"POST /api/v1/documents/{id}/contract": { ...decide, id: "contract_make", says: "Make a contract of its facts and file it there", body: json("NewContract") },
	"POST /api/v1/documents/{id}/lock": { tag: "desk", id: "lock", says: "Show others that one is at it, for two minutes", scopes: ["decisions"], replies: { 200: ["Whose it is.", json("Lock")] }, also: ["missing"] },
	"DELETE /api/v1/documents/{id}/lock": { tag: "desk", id: "unlock", says: "Not at it any more", scopes: ["decisions"], replies: { 200: ["Not mine any more.", json("Unlocked")] }, also: ["missing"] },
	"POST /api/v1/bulk": { tag: "desk", id: "bulk", says: "The same decision about many documents, or what it would do", scopes: ["decisions"], body: json("Bulk"), replies: { 200: ["Each with what became of it.", json("BulkDone")] } },

	// ---- insight ----

	"GET /api/v1/contracts": { tag: "stock", id: "contracts", says: "Search the stock: number or plate in any spelling, birth date, beginning of a name, customer, contract id", scopes: ["documents"], query: { q: query_text("Number, plate, birth date (\"15.04.1961\", \"1961-04-15\"), name (\"Surname\", \"Surname, First\"), customer or contract id."), issuer: text("Key of the insurer file.", "seeufer"), customer_id: text("", "k-1187"), ...paging }, replies: { 200: ["A page.", json("ContractPage")] } },
	"GET /api/v1/contracts/{contract}": { tag: "stock", id: "contract", says: "One contract with every name it answers to, its documents and renumberings", scopes: ["documents"], replies: { 200: ["The contract.", json("ContractDetail")] }, also: ["missing"] },
	"POST /api/v1/contracts/import": { tag: "stock", id: "contracts_import", says: "Take over a GDV or CSV file; it is worked through in the background", scopes: ["stock"], query: { file: text("What the file is called; the report says it again.", "bestand.gdv", { maxLength: 200 }), dry_run: one_of(["true", "false"]), source: text("A CSV with the whole stock of this source: what is missing vanished.", "crm", { maxLength: 100 }), partial: one_of(["true", "false"], "The file is a part: nothing vanishes."), many_vanished: one_of(["true", "false"], "More than 20 % may vanish.") }, body: bytes("text/csv", "application/octet-stream"), replies: { 202: ["It waits; Location says where to look.", json("Import")] }, also: ["conflict"] },
	"GET /api/v1/imports": { tag: "stock", id: "imports", says: "The latest imports", scopes: ["stock"], replies: { 200: ["Imports.", json("ImportList")] } },
	"GET /api/v1/imports/{import}": { tag: "stock", id: "import", says: "How an import goes, and what it did", scopes: ["stock"], replies: { 200: ["The import.", json("Import")] }, also: ["missing"] },
	"GET /api/v1/customers": { tag: "stock", id: "customers", says: "Search customers by the beginning of a name, or id", scopes: ["documents"], query: { q: query_text("Name or id; required."), ...paging }, replies: { 200: ["A page.", json("CustomerPage")] } },
	"GET /api/v1/customers/{customer}": { tag: "stock", id: "customer", says: "One customer with the contracts", scopes: ["documents"], replies: { 200: ["The customer.", json("CustomerDetail")] }, also: ["missing"] },
	"GET /api/v1/customers/{customer}/timeline": { tag: "stock", id: "timeline", says: "What happened: arrivals, decisions, releases, events, feedback, letters", scopes: ["documents"], query: paging, replies: { 200: ["A page, latest first.", json("TimelinePage")] }, also: ["missing"] },
	"GET /api/v1/insurers": { tag: "insurers", id: "insurers", says: "The insurers with their connections, and how they do", scopes: ["insurers", "statistics"], replies: { 200: ["All of them.", json("InsurerList")] } },
	"POST /api/v1/connections/{connection}/pause": { ...connection_said, id: "pause", says: "Do not ask this insurer until resumed", body: json("Pause") },
	"POST /api/v1/connections/{connection}/resume": { ...connection_said, id: "resume", says: "Ask it again, at once" },
	"POST /api/v1/connections/{connection}/poll": { ...connection_said, id: "poll", says: "Ask it now", also: ["missing", "conflict"] },
	"GET /api/v1/deliveries": { tag: "insurers", id: "deliveries", says: "What an insurer sent and nobody could read, the oldest first; no documents", scopes: ["insurers"], query: { state: one_of(["quarantined"]), connection: text("Only of this one.", "seeufer-makler"), ...paging }, replies: { 200: ["A page.", json("DeliveryList")] } },
	"GET /api/v1/deliveries/{connection}": { tag: "insurers", id: "delivery", says: "One of them, with the line of the answer where reading ended", scopes: ["insurers"], query: { shipment_id: text("", "70001") }, replies: { 200: ["The delivery.", json("Delivery")] }, also: ["missing"] },
	"POST /api/v1/deliveries/{connection}/retry": { tag: "insurers", id: "retry", says: "Try it again at the next poll, which is due at once: what was kept is read again, else it is fetched", scopes: ["insurers"], body: json("Retry"), replies: { 200: ["As it is now.", json("Delivery")] }, also: ["missing", "conflict"] },
	"GET /api/v1/statistics": { tag: "statistics", id: "statistics", says: "What came, where it went, how sure", scopes: ["statistics"], query: { ...span, insurer: text("Key of the insurer file.", "seeufer") }, replies: { 200: ["Figures.", json("Statistics")] } },

	// ---- feed ----

	"GET /api/v1/events": { tag: "feed", id: "events", says: "Events after a position", scopes: ["events", "events:broker"], query: { after, limit: batch, types, wait }, heads: ["Vorpost-Position", "Vorpost-Head"], replies: { 200: ["Events in their order.", { "application/cloudevents-batch+json": ref("EventBatch") }] }, also: ["cursor-ahead", "cursor-gone"] },
	"GET /api/v1/events/stream": { tag: "feed", id: "events_stream", says: "The same as server-sent events", scopes: ["events", "events:broker"], query: { after, types }, replies: { 200: ["Server-sent events; id is the position.", bytes("text/event-stream")] }, also: ["cursor-ahead", "cursor-gone"] },
	"GET /api/v1/consumers/{consumer}": { tag: "feed", id: "consumer", says: "How far a consumer is", scopes: ["events", "events:broker"], replies: { 200: ["Its position.", json("Consumer")] }, also: ["missing"] },
	"GET /api/v1/consumers/{consumer}/events": { tag: "feed", id: "consumer_events", says: "Events after what the consumer acknowledged", scopes: ["events", "events:broker"], query: { limit: batch, types, wait }, heads: ["Vorpost-Position", "Vorpost-Head"], replies: { 200: ["Events in their order.", { "application/cloudevents-batch+json": ref("EventBatch") }] }, also: ["missing", "cursor-gone"] },
	"POST /api/v1/consumers/{consumer}/ack": { tag: "feed", id: "ack", says: "Everything up to a position is done", scopes: ["events", "events:broker"], body: json("Ack"), replies: { 200: ["Its position.", json("Consumer")] }, also: ["missing", "cursor-ahead", "cursor-back", "cursor-gone"] },
	"POST /api/v1/feedback": { tag: "feed", id: "feedback", says: "What became of a message; signed as Standard Webhooks says", scopes: ["feedback"], signed: true, body: { "application/cloudevents+json": ref("Feedback"), "application/cloudevents-batch+json": { type: "array", items: ref("Feedback"), maxItems: 500 } }, replies: { 200: ["Taken.", json("FeedbackTaken")] }, also: ["signature"] },
};

// ---- from the list to OpenAPI ----

const media = (content) =>
	Object.fromEntries(Object.entries(content).map(([type, schema]) => {
		const shown = /json/.test(type) && schema.type !== "object";
		return [type, { schema, ...(shown ? { example: sample(schema, schemas) } : {}) }];
	}));

function kinds_of(method, path, operation) {
	const kinds = [...anywhere, ...(operation.also ?? [])];
	if (operation.scopes) kinds.push(...behind_login.filter((kind) => (kind !== "scope" || operation.scopes.length) && (kind !== "session" || !operation.signed)));
	if (operation.scopes && method !== "GET") kinds.push(...with_cookie);
	if (operation.body) kinds.push(...with_body);
	else if (method === "DELETE") kinds.push("too-large"); // it takes no body at all
	return kinds;
}

// One response a status and set of kinds, kept under components so that each is said once.
const responses = {};
function refusals(kinds) {
	const by_status = {};
	for (const kind of Object.keys(problems)) if (kinds.includes(kind)) (by_status[problems[kind].status] ??= []).push(kind);
	return Object.fromEntries(Object.entries(by_status).map(([status, of_status]) => {
		const name = `${status}_${of_status.join("_")}`;
		responses[name] ??= refusal(of_status);
		return [status, { $ref: `#/components/responses/${name}` }];
	}));
}

function refusal(kinds) {
	const one = (kind) => ({
		type: `urn:vorpost:problem:${kind}`,
		title: problems[kind].title,
		status: problems[kind].status,
		detail: `${problems[kind].title.toLowerCase()}: what was found and what was expected`,
		detail_de: "Ein Satz, den die Seite zeigt.",
		...sample({ type: "object", properties: problems[kind].more ?? {} }, schemas),
	});
	return {
		description: kinds.map((kind) => problems[kind].title).join("; "),
		...([429, 503].includes(problems[kinds[0]].status) ? { headers: { "Retry-After": { schema: { type: "integer" } } } } : {}),
		content: {
			"application/problem+json": {
				schema: { allOf: [ref("Problem"), { type: "object", properties: { type: { enum: kinds.map((kind) => `urn:vorpost:problem:${kind}`) } } }] },
				examples: Object.fromEntries(kinds.map((kind) => [kind, { value: one(kind) }])),
			},
		},
	};
}

const parameter = (where) => ([name, schema]) => ({ name, in: where, ...(where === "path" ? { required: true } : {}), schema });

function operation_of(method, path, operation) {
	const names = [...path.matchAll(/\{([a-z]+)\}/g)].map((match) => match[1]);
	const parameters = [
		...names.map((name) => [name, path_schemas[name]]).map(parameter("path")),
		...Object.entries(operation.query ?? {}).map(parameter("query")),
	];
	const replies = Object.entries(operation.replies).map(([status, [description, content]]) => [status, {
		description,
		...(operation.heads ? { headers: Object.fromEntries(operation.heads.map((name) => [name, { schema: { type: "string" } }])) } : {}),
		...(content ? { content: media(content) } : {}),
	}]);
	const scopes = operation.scopes;
	const needs = !scopes ? "" : scopes.length ? `Needs the scope ${scopes.join(" or ")}.` : "Needs a login, of any scope.";
	return {
		tags: [operation.tag],
		operationId: operation.id,
		summary: operation.says,
		...(needs ? { description: needs } : {}),
		security: scopes ? (operation.signed ? [{ token: [], signature: [] }] : [{ token: [] }, { session: [] }]) : [],
		...(parameters.length ? { parameters } : {}),
		...(operation.body ? { requestBody: { required: true, content: media(operation.body) } } : {}),
		responses: { ...Object.fromEntries(replies), ...refusals(kinds_of(method, path, operation)) },
	};
}

function paths() {
	const made = {};
	for (const [what, operation] of Object.entries(operations)) {
		const [method, path] = what.split(" ");
		(made[path] ??= {})[method.toLowerCase()] = operation_of(method, path, operation);
	}
	return made;
}

const document = {
	openapi: "3.1.0",
	info: {
		title: "Vorpost",
		version: "1.0.0",
		summary: "The clerk's side of Vorpost, and the feed of its events",
		description: "Answers and requests are JSON, refusals problem details (RFC 9457); times are RFC 3339 in UTC. Members may be added to answers: pass over what you do not know. A decision names the `version` of the document that it is about; if somebody decided meanwhile it is refused as `conflict` with the document as it is now. What waits too long for the database is answered 503 with Retry-After and may be asked again.",
		license: { name: "Apache-2.0", identifier: "Apache-2.0" },
	},
	servers: [{ url: "/", description: "Where this document came from." }],
	tags: [
		{ name: "api", description: "The API itself" },
		{ name: "users", description: "Accounts, sessions, audit log" },
		{ name: "desk", description: "The queue and decisions about documents" },
		{ name: "stock", description: "Contracts and customers" },
		{ name: "insurers", description: "Connections" },
		{ name: "statistics", description: "Figures" },
		{ name: "feed", description: "Events, consumers, feedback; docs/events says more" },
	],
	paths: paths(),
	components: {
		securitySchemes: {
			token: { type: "http", scheme: "bearer", description: "`vorpost token add NAME --scope ...`" },
			session: { type: "apiKey", in: "cookie", name: "__Host-vorpost", description: "`POST /api/v1/login`; vorpost_session on plain loopback. Everything but GET needs X-CSRF-Token, too." },
			signature: { type: "apiKey", in: "header", name: "webhook-signature", description: "Standard Webhooks 1.0, with webhook-id and webhook-timestamp." },
		},
		responses,
		schemas,
	},
};

const file = fileURLToPath(new URL("openapi.json", import.meta.url));
const made = `${JSON.stringify(document, null, "\t")}\n`;
if (!process.argv.includes("--check")) writeFileSync(file, made);
else if (readFileSync(file, "utf8") !== made) {
	console.log("docs/api/openapi.json is not what openapi.mjs makes");
	process.exitCode = 1;
}
