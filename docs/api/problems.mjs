// Every way in which a request is refused: the closed list that programs go by. `type` is urn:vorpost:problem: and the name;
// more: members of its own. tests/review/openapi.mjs holds it against api/problem.c.
import { count, int, ref } from "./shape.mjs";

export const problems = {
	malformed: { status: 400, title: "The request cannot be read" },
	argument: { status: 400, title: "A part of the query is not understood" },
	token: { status: 401, title: "A valid token is needed" },
	signature: { status: 401, title: "The signature does not hold" },
	session: { status: 401, title: "The session is over" },
	login: { status: 401, title: "The login is refused" },
	scope: { status: 403, title: "This is not allowed" },
	csrf: { status: 403, title: "The request does not come from the page" },
	path: { status: 404, title: "There is nothing here" },
	missing: { status: 404, title: "It does not exist" },
	method: { status: 405, title: "The method is not for this path" },
	"cursor-ahead": { status: 409, title: "The cursor lies in the future", more: { head: count("The last position there is.") } },
	"cursor-back": { status: 409, title: "The position does not go back", more: { position: count("What is acknowledged.") } },
	conflict: { status: 409, title: "It is not as it was", more: { document: ref("QueueItem"), confirm: { type: "array", items: ref("Objection"), description: "It was not done: name these codes in `confirm` if it is meant all the same." }, contract_id: { type: "string", description: "Of a contract to be made: the one that has its number." } } }, // of decisions about one document
	"cursor-gone": { status: 410, title: "These events are no longer kept", more: { oldest: count("The first that is kept."), head: count("The last.") } },
	"too-large": { status: 413, title: "The body is too large" },
	"media-type": { status: 415, title: "The media type is not taken here" },
	range: { status: 416, title: "The document has no such range", more: { size: count("Bytes that it has.") } },
	host: { status: 421, title: "The server has another name" },
	content: { status: 422, title: "The content cannot be taken" },
	throttled: { status: 429, title: "Too many wrong attempts" },
	rate: { status: 429, title: "Too much is asked in a short time" },
	"head-too-large": { status: 431, title: "The header lines are too large" },
	internal: { status: 500, title: "Our own mistake" },
	"database-away": { status: 503, title: "The database is away" },
	stopping: { status: 503, title: "The server is stopping" },
};

// Whatever is asked can be refused so: these are not repeated at each operation's own list.
export const anywhere = ["malformed", "argument", "host", "throttled", "rate", "head-too-large", "internal", "database-away", "stopping"];
export const behind_login = ["token", "session", "scope"];
export const with_cookie = ["csrf"]; // all but GET
export const with_body = ["too-large", "media-type", "content"];

export const problem = {
	type: "object",
	description: "RFC 9457. Programs go by `type`; `detail` is a sentence, `detail_de` the same in German, for the page.",
	properties: {
		type: { type: "string", enum: Object.keys(problems).map((name) => `urn:vorpost:problem:${name}`) },
		title: { type: "string" },
		status: int("The status of the answer.", 400, { minimum: 400, maximum: 599 }),
		detail: { type: "string", minLength: 1 },
		detail_de: { type: "string", minLength: 1 },
	},
	required: ["type", "title", "status", "detail", "detail_de"],
};
