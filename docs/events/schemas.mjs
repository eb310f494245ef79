// The contract in one place: node docs/events/schemas.mjs writes docs/events/schemas/*.json; --check only compares.
// Each schema stands alone (a validator needs one file), so what they share is said once, here.
//
//   event.json       the envelope, of every type          urn:vorpost:schema:event:1
//   feedback.json    the envelope of what comes back      urn:vorpost:schema:feedback:1
//   TYPE.json        the `data` of that type              urn:vorpost:schema:TYPE:1 = `dataschema` of the event
//
// Additive within a version: members may be added, so unknown ones are allowed everywhere. An enumeration made with
// open() may grow: treat a word that you do not know like the one named in its description. one_of() will not grow.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const text = (description, more = {}) => ({ type: "string", minLength: 1, ...more, description });
const uuid = (description) => ({ type: "string", format: "uuid", description });
const maybe_time = (description) => ({ type: ["string", "null"], format: "date-time", description });
const time = (description) => ({ type: "string", format: "date-time", description });
const digits = (description) => text(description, { pattern: "^[0-9]{20}$" });
const int = (description, more = {}) => ({ type: "integer", ...more, description });
const bool = (description) => ({ type: "boolean", description });
const one_of = (words, description) => ({ enum: words, description });
const open = (words, description) => ({
	anyOf: [{ enum: words }, { type: "string", pattern: "^[a-z][a-z0-9_.]*$" }],
	description,
});
const object = (properties, required, description) => ({
	type: "object",
	properties,
	required: required === "all" ? Object.keys(properties) : required,
	...(description ? { description } : {}),
});
const list = (items, description) => ({ type: "array", items, description });

const categories = ["policy", "invoice", "amendment", "dunning", "cancellation", "claim", "application",
	"partner_change", "collection", "legal", "key_change", "information", "inquiry", "complaint", "campaign",
	"motor_confirmation", "mandate", "settlement", "gdv_stock", "gdv_data", "other"];
const tiers = ["exact", "picture", "claim", "repaired", "alias", "person"];

const shipment = object({
	connection: text("The broker's connection to the insurer."),
	id: text("The insurer's id of the delivery; unique within the connection."),
}, "all", "Where the document came from.");

// ---- what broker-facing events say of a document ----

const document = {
	document_id: uuid("The document, for ever the same."),
	contract_id: text("The contract in the broker's stock."),
	customer_id: text("The customer's pseudonym in the broker's stock."),
	insurer: text("Our name of the insurer's file, such as 'seeufer'."),
	category: open(categories, "Our class of the document. Unknown: as 'other'."),
	business_case: text("GeVo code as delivered, nine digits."),
	media_type: text("What the bytes are, found by looking at them."),
	tier: open(tiers, "How sure the match is. Unknown: as 'person'."),
	shipment,
};

const filed = (description, ...more) => ({
	description,
	...object(document, ["document_id", "contract_id", "insurer", "category", "shipment", ...more]),
});

// ---- what customer-facing events say ----

const lead = object({
	twin: one_of(["yes", "no", "unknown"], "Does a letter with the same content come by post? 'no': no dates follow."),
	channel: open(["only"], "'only': nothing comes by post, this event is the only way."),
	earliest: time("The letter cannot be there before."),
	expected: time("When it is expected."),
	legal_95: time("95 % of letters must have arrived (third working day after posting)."),
	legal_99: maybe_time("99 % must have arrived (fourth working day); null where the law says nothing of it."),
	lead_min_s: int("Seconds from this event to `earliest`; negative if the letter may have been faster."),
	lead_expected_s: int("Seconds from this event to `expected`."),
	lead_law_s: int("Seconds from this event to `legal_95`."),
	basis: open(["default", "insurer", "observed"], "What the dates rest on. Unknown: as 'default'."),
	observations: int("Letters observed for this insurer and type; 0: an estimate.", { minimum: 0 }),
	land: { type: ["string", "null"], description: "Land of the recipient's holidays, such as 'BY'; null: not known." },
}, ["twin"], "The letter that may come after us.");

const release = object({
	rule: text("Which rule released it."),
	held_s: int("How long it was held back.", { minimum: 0 }),
}, "all", "Why it may be shown.");

const { shipment: _, ...of_document } = document; // the insurer's words are not for customers
const customer_facing = {
	broker: text("The tenant."),
	...of_document,
	sentiment: one_of(["positive", "neutral", "action_needed"], "How the notice should sound."),
	latency_class: one_of(["immediate", "same_day", "digest"], "How soon the customer should hear."),
	special_category: bool("Health, life or accident: the lock screen shows nothing but the neutral text."),
	text_key: open(["push.document", "push.application", "push.policy", "push.invoice", "push.amendment", "push.dunning",
		"push.collection", "push.cancellation", "push.claim", "push.motor_confirmation", "push.withdrawn", "push.reassigned"],
		"Which public text. Unknown: as 'push.document'."),
	collapse_key: text("Notices with the same key replace one another; of one customer, category and day.",
		{ pattern: "^[A-Za-z0-9_-]{1,32}$" }),
	ttl_s: int("Stop trying after that many seconds (Web Push TTL).", { minimum: 0, maximum: 2419200 }),
	urgency: one_of(["very-low", "low", "normal", "high"], "Urgency of RFC 8030."),
	dataref: text("Where the document is, relative to the API, with authentication; never public. The API does not serve documents yet.",
		{ format: "uri-reference" }),
	release,
	lead,
};

const announced = ["broker", "document_id", "contract_id", "customer_id", "insurer", "category", "tier", "sentiment",
	"latency_class", "special_category", "text_key", "collapse_key", "ttl_s", "urgency", "dataref", "release", "lead"];
const announcement = (description) => ({ description, ...object(customer_facing, announced) });
const correction = (description, extra, required) => ({
	description,
	...object({ ...customer_facing, ...extra },
		[...announced.filter((member) => !["dataref", "lead"].includes(member)), ...required]),
});

const connection = (description) => ({
	description,
	...object({
		connection: text("The broker's connection to the insurer."),
		route: text("What kind of trouble; 'none' if it works."),
		code: text("Stable code of the trouble.", { minLength: 0 }),
	}, "all"),
});

export const outbound = {
	"document.attached": {
		description: "A document was filed at a contract. Not released: nobody but the broker may see it.",
		...object({
			...document,
			collective: { type: "boolean", description: "The document lies at several contracts at once; each has an event of its own." },
		}, ["document_id", "contract_id", "insurer", "category", "shipment", "tier"]),
	},
	"document.detached": filed("A document left a contract. If it moved, document.attached follows."),
	"document.unmatched": {
		description: "A document waits for a person.",
		...object({
			...document,
			reason: text("Why it was not filed."),
		}, ["document_id", "insurer", "category", "shipment"]),
	},
	"shipment.quarantined": {
		description: "A delivery could not be read; its bytes are kept.",
		...object({
			connection: text("The broker's connection to the insurer."),
			insurer: text("Our name of the insurer's file."),
			shipment_id: text("The insurer's id of the delivery."),
			code: text("Stable code of the trouble.", { minLength: 0 }),
		}, "all"),
	},
	"connection.failed": connection("An insurer cannot be reached, or refuses the credential."),
	"connection.recovered": connection("It works again."),
	"contract.renumbered": {
		description: "A contract is known by a new number; its id stays.",
		...object({
			contract_id: text("The contract in the broker's stock."),
			customer_id: text("The customer's pseudonym."),
			insurer: text("Our name of the insurer's file."),
			run: uuid("The run of `contracts canonicalise` that changed or restored it; absent: the insurer or the broker did."),
		}, ["contract_id"]),
	},
	"queue.digest": {
		description: "What waits for a person, once a day.",
		...object({
			broker: text("The tenant."),
			day: { type: "string", format: "date", description: "Of German time." },
			waiting: int("Documents that wait.", { minimum: 0 }),
			since_yesterday: int("Of these, how many came within a day.", { minimum: 0 }),
			oldest: maybe_time("Since when the oldest waits; null: none does."),
			by_reason: list(object({ reason: text("Why."), documents: int("How many.") }, "all"), "Most first."),
			by_connection: list(object({ connection: text("Whose."), documents: int("How many.") }, "all"), "Most first."),
		}, ["day", "waiting"]),
	},
	"endpoint.gap": {
		description: "Only on the wire to one endpoint, in the customer's lane: an event was refused for so long that it was " +
			"parked; it lies with the dead letters and comes again by a replay.",
		...object({
			lane: text("The customer's pseudonym: whose lane has the gap."),
			event_id: uuid("The parked event."),
			type: text("Its type."),
			position: digits("Its position."),
			customersequence: digits("Its number among the customer's events: do not wait for it."),
			since: time("First failure."),
		}, ["lane", "event_id", "position"]),
	},
	"endpoint.test": {
		description: "Sent by 'vorpost endpoint test' to one endpoint; it has no sequence.",
		...object({ test: { const: true } }, "all"),
	},
	"document.released": announcement("A document may be shown to the customer."),
	"policy.issued": announcement("Of the same document: it is a policy."),
	"invoice.issued": announcement("Of the same document: it is an invoice."),
	"endorsement.issued": announcement("Of the same document: it changes a contract."),
	"arrears.notified": announcement("Of the same document: it is a reminder of payment."),
	"cancellation.confirmed": announcement("Of the same document: it ends a contract."),
	"claim.document.added": announcement("Of the same document: it belongs to a claim."),
	"document.withdrawn": correction("What the customer was told of this document no longer holds: take the notice away.",
		{}, []),
	"document.reassigned": correction("The document belongs to another contract of the same customer.",
		{ from_contract_id: text("Where it was.") }, ["from_contract_id"]),
};

// ---- what the push service tells us ----

const word = { pattern: "^[a-z0-9_.-]{1,64}$" };
const about = {
	event_id: uuid("The event of ours that it answers."),
	document_id: uuid("The document."),
	customer_id: text("The customer's pseudonym.", { maxLength: 128 }),
	channel: text("How: 'web_push', 'apns', 'fcm', 'sms', 'email', 'app' ...", word),
	reason: text("Why, in a word, such as 'subscription_gone'.", word),
};
const said = (description, required, more = {}) => ({ description, ...object({ ...about, ...more }, required) });

export const inbound = {
	"notification.accepted": said("The push provider took the notice.", ["event_id"]),
	"notification.failed": said("It could not be sent.", ["event_id"]),
	"reachability.gained": said("The customer can be reached by this channel now.", ["customer_id"]),
	"reachability.lost": said("The customer can no longer be reached by this channel.", ["customer_id"]),
	"document.opened": said("The customer opened the document. Only with consent.", ["document_id"]),
	"letter.arrived": said("The letter with the same content was delivered: calibrates the lead.",
		["document_id", "arrived_on"],
		{ arrived_on: { type: "string", format: "date", description: "Day of delivery at the recipient's." } }),
};

// ---- the envelopes ----

const attributes = {
	specversion: { const: "1.0" },
	id: uuid("UUIDv7, the same at every attempt and on every way: recognise repetitions by it."),
	source: text("The installation; `source` + `id` is unique in the world.", { format: "uri-reference" }),
	type: open(Object.keys(outbound), "Answer 2xx to what you do not know."),
	subject: text("The document; for events without one what `partitionkey` says."),
	time: time("When it was written, by the database's clock."),
	recordedtime: time("When the insurer made the document, if known."),
	partitionkey: text("Customer's pseudonym, else contract or connection: order is kept for it."),
	sequence: digits("Position in the installation's events, gap-free."),
	customersequence: digits("Position among the customer's events, from 1; only in customers' lanes."),
	correlationid: text("The delivery that caused it: CONNECTION/SHIPMENT; of customer-facing events a digest, the same for all of a delivery."),
	causationid: uuid("The event that led to it; of a withdrawal the document.detached."),
	dataschema: text("urn:vorpost:schema:TYPE:VERSION of `data`.", { pattern: "^urn:vorpost:schema:[a-z.]+:[0-9]+$" }),
	datacontenttype: { const: "application/json" },
	data: { type: "object", description: "As `dataschema` says." },
};

const feedback_attributes = {
	specversion: { const: "1.0" },
	id: text("Yours; `source` + `id` is taken once, repetitions are answered alike.", { maxLength: 128 }),
	source: text("Your service.", { format: "uri-reference" }),
	type: { enum: Object.keys(inbound), description: "Others are refused." },
	subject: text("The document or the event; optional."),
	time: time("When it happened."),
	datacontenttype: { const: "application/json" },
	data: { type: "object", description: "As the type's schema says." },
};

export const schemas = {
	event: {
		description: "Envelope of every event: CloudEvents 1.0 in the JSON format.",
		...object(attributes, ["specversion", "id", "source", "type", "subject", "time", "partitionkey", "dataschema",
			"datacontenttype", "data"]),
	},
	feedback: {
		description: "Envelope of feedback: CloudEvents 1.0 in the JSON format.",
		...object(feedback_attributes, ["specversion", "id", "source", "type", "time", "data"]),
	},
	...outbound,
	...inbound,
};

const folder = fileURLToPath(new URL("schemas/", import.meta.url));
export const schema_of = (name) => ({
	$schema: "https://json-schema.org/draft/2020-12/schema",
	$id: `urn:vorpost:schema:${name}:1`,
	title: name,
	...schemas[name],
});

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const check = process.argv.includes("--check");
	mkdirSync(folder, { recursive: true });
	for (const name of Object.keys(schemas)) {
		const file = `${folder}${name}.json`;
		const made = JSON.stringify(schema_of(name), null, "\t") + "\n";
		if (!check) writeFileSync(file, made);
		else if (readFileSync(file, "utf8") !== made) {
			console.log(`docs/events/schemas/${name}.json is not what docs/events/schemas.mjs makes`);
			process.exitCode = 1;
		}
	}
}
