// What travels over the HTTP API: requests and answers by name. Times are RFC 3339 in UTC, ids as in the database.
import { answer, asked, bool, count, date, int, list, maybe, number, one_of, page, ref, text, time, uuid } from "./shape.mjs";
import { problem } from "./problems.mjs";

const scopes = ["events", "events:broker", "feedback", "documents", "decisions", "stock", "insurers", "statistics", "users"];
const roles = ["clerk", "lead", "operator", "read-only"];
const reasons = ["no_number", "number_malformed", "number_unknown", "several_contracts", "other_holder", "line_contradicts",
	"contract_ended", "contract_not_begun", "issuer_unknown", "claim_number_only", "collective_document", "not_a_customer_document", "unreadable",
	"needs_second_signal", "link_only", "other_plate", "taken_back", "shadow"];
const classes = ["other", "application", "policy", "amendment", "partner_change", "invoice", "dunning", "collection", "claim",
	"cancellation", "legal", "key_change", "information", "inquiry", "complaint", "campaign", "motor_confirmation", "mandate",
	"settlement", "gdv_stock", "gdv_data"];
const tiers = ["none", "exact", "picture", "claim", "repaired", "alias", "person"];
export const ignore_reasons = ["advertising", "circular", "settlement", "data", "not_ours", "duplicate", "other"];

const key = text("Key of the insurer file.", "seeufer");
const contract_id = text("The contract in the broker's stock.", "c-20417");
const customer_id = text("The customer in the broker's stock.", "k-1187");
const words = { words: text("In English.", "in words"), words_de: text("In German.", "in Worten") };
const said = answer({ says: text("A sentence.", "the number is known"), says_de: text("The same in German.", "die Nummer ist bekannt") });
const diff = list(answer({ text: text("A piece.", "AS-12"), same: bool("Found on both sides.") }), "The number in pieces; what differs is marked.");
const line_names = { line_name: maybe(text("What people call the line.", "motor")), line_name_de: maybe(text("", "Kfz")) };
const insurer = answer({ key, name: text("For people.", "Seeufer Versicherung") });
const version = int("The version that the decision is about; another one by now is a `conflict`.", 1, { minimum: 1 });
const note = text("For colleagues.", "telefonisch geklärt", { maxLength: 2000 });
const holder = answer({
	name: maybe(text("Surname or company.", "Tannhuber")),
	first_name: maybe(text("", "Ilse")),
	birth_date: maybe(date("")),
	postcode: maybe(text("", "88131")),
	plate: maybe(text("", "LI-VP 17")),
});

export const schemas = { Problem: problem };

// ---- users ----

Object.assign(schemas, {
	Login: asked({ user: text("", "sachbearbeitung", { minLength: 1, maxLength: 64 }), password: text("", "only an example", { minLength: 1, maxLength: 1024 }) }),
	LoginOptions: answer({ password: bool("Local accounts exist."), proxy: bool("The reverse proxy that was asked logs people in: see /login/proxy.", false), session: bool("The request has the cookie of a session; it may be over, which /me says.", false) }),
	Me: answer({
		user: text("", "sachbearbeitung"),
		name: text("As colleagues see it.", "Sachbearbeitung"),
		role: maybe(one_of(roles, "null: a token.")),
		broker: text("", "demo"),
		scopes: list(one_of(scopes)),
		csrf: maybe(text("Header X-CSRF-Token of everything but GET; null for tokens.", "b3JkaW5hcnk")),
		language: one_of(["de", "en"]),
	}),
	User: answer({
		user: text("", "sachbearbeitung"),
		name: text("", "Sachbearbeitung"),
		role: one_of(roles),
		disabled: bool("", false),
		created_at: time(""),
		last_login_at: maybe(time("")),
	}),
	UserPage: page("User"),
	Colleague: answer({ user: text("", "leitung"), name: text("As colleagues see it.", "Leitung") }),
	ColleagueList: answer({ items: list(ref("Colleague")) }),
	UserAdd: asked({
		user: text("", "leitung2", { minLength: 1, maxLength: 64, pattern: "^[a-z0-9][a-z0-9._-]*$" }),
		"name?": text("", "Zweite Leitung", { maxLength: 200 }),
		role: one_of(roles),
		password: text("", "only an example", { minLength: 12, maxLength: 1024 }),
	}),
	UserChange: asked({
		"name?": text("", "Sachbearbeitung", { maxLength: 200 }),
		"role?": one_of(roles),
		"disabled?": bool("Ends all sessions.", false),
		"password?": text("A new one; ends all sessions.", "only an example", { minLength: 12, maxLength: 1024 }),
	}),
	PasswordChange: asked({ current: text("", "only an example", { maxLength: 1024 }), password: text("", "another example", { minLength: 12, maxLength: 1024 }) }),
	Session: answer({
		session_id: text("", "5f0c1a2b3c4d5e6f"),
		user: text("", "sachbearbeitung"),
		created_at: time(""),
		last_used_at: time(""),
		expires_at: time(""),
		address: maybe(text("", "127.0.0.1")),
		current: bool("The one that asks.", false),
	}),
	SessionPage: page("Session"),
	AuditEntry: answer({
		at: time(""),
		user: text("", "sachbearbeitung"),
		action: text("", "document.viewed"),
		object: maybe(text("", "0192f0c4-5a1e-7c3b-9a52-3f6d2b7c8e11")),
		address: maybe(text("", "127.0.0.1")),
	}),
	AuditPage: page("AuditEntry"),
});

// ---- desk ----

const lock = answer({ user: text("", "leitung"), name: text("", "Leitung"), until: time("") });
const business_class = answer({ code: one_of(classes), ...words });
const reason = answer({ code: one_of(reasons), ...words });
const lead = answer({
	hours: number("Until the letter is expected; negative: it came.", 31.5),
	share: number("Of the lead that there was, what is left: 0 to 1.", 0.6),
	words: text("", "31 h"),
	letter_at: maybe(time("When the letter is expected.")),
	basis: one_of(["default", "insurer", "observed"]),
	twin: one_of(["unknown", "yes", "no"], "Does a letter say the same?"),
});
const row = {
	document_id: uuid(""),
	version,
	state: one_of(["queued", "filed", "ignored"]),
	received_at: time(""),
	age_s: count("", 5400),
	insurer,
	connection: text("", "seeufer-makler"),
	business_class,
	business_case: maybe(text("GeVo code as delivered.", "120010000")),
	line: maybe(text("Line of business, three digits.", "050")),
	...line_names,
	reason: maybe(reason),
	number: maybe(answer({ delivered: maybe(text("", "AS-12 3456789")), canonical: maybe(text("", "AS123456789")) })),
	name_on_document: maybe(text("", "Tannhuber")),
	file: answer({ name: maybe(text("", "police.pdf")), media_type: text("", "application/pdf"), size: count("", 48213), data: bool("No file was delivered: the document is the insurer's answer itself.", false) }),
	lead: maybe(lead),
	best: maybe(answer({
		contract_id,
		number: maybe(text("", "AS-12 3456798")),
		diff,
		delivered_diff: diff,
		holder: maybe(text("Surname or company.", "Tannhuber")),
		reachable: maybe(bool("Can the customer be pushed? null: nobody said.")),
		by_text: bool("Only the text of the document speaks of it: a guess for a person."),
	})),
	candidates: count("", 2),
	duplicate_of: maybe(uuid("")),
	lock: maybe(lock),
	assignee: maybe(text("", "leitung")),
	postponed_until: maybe(time("")),
	note: maybe(text("", "wartet auf Rückruf")),
};
const objections = ["several_customers", "other_holder", "other_insurer", "strict_line", "same_number", "other_customer"];
const objection = ref("Objection");
const confirm = list(one_of(objections), "What speaks against it and is meant all the same, by its codes: those of the candidate, or of the refusal.", { maxItems: 5 });
const effects = answer({
	files: bool(""),
	releases: { type: ["boolean", "string"], enum: [true, false, "held"], examples: ["held"] },
	hold_until: maybe(time("")),
	rule: text("Whose word the release is.", "default"),
	event: text("", "document.attached"),
	alias: answer({ key: maybe(text("", "AS123456789")), spelling: maybe(text("", "AS-12 3456789")), possible: bool(""), another: bool("It is quite another number than the contract's, no spelling of it.", false), why_not: maybe(text("", "")), why_not_de: maybe(text("", "")) }),
	also_solves: count("Other documents that wait with this number: so many at most are solved, if it is remembered and `also` is asked.", 3),
}, "What will happen on accept.");
const comparison = answer({
	what: one_of(["number", "holder", "birth_date", "postcode", "plate", "line", "insurer"]),
	delivery: maybe(text("As delivered; of an insurer its name, of a line its code.", "AS-12 3456789")),
	letter: maybe(text("As it stands in the letter's text.", "AS-12 3456789")),
	contract: maybe(text("As the stock has it.", "AS-12 3456798")),
	verdict: one_of(["same", "alike", "differs", "open"], "Of the delivery against the contract: `same` and `differs` persons and lines as the matcher judges them, numbers as the insurer's spellings allow, not character by character; `alike`: a number that may be a spelling of the other, or leads there in another way; `open`: one side says nothing."),
	letter_verdict: one_of(["same", "alike", "differs", "open"], "The same of the letter."),
});
const alias_scope = one_of(["number", "pattern", "none"], "What is remembered: this number as a name of the contract; the same, and its spelling proposed for the insurer's other numbers (nothing reads by it before an operator accepts it: `vorpost insurers learn`); or nothing.");
const facts_of_contract = {
	"number?": text("", "AS-12 3456798", { maxLength: 100 }),
	"line?": text("", "050", { pattern: "^[0-9]{1,3}$" }),
	"starts_on?": date(""),
	"ends_on?": date(""),
	"customer_id?": text("An existing customer, or a new one's id.", "k-1187", { maxLength: 100 }),
	"name?": text("", "Tannhuber", { maxLength: 200 }),
	"first_name?": text("", "Ilse", { maxLength: 200 }),
	"birth_date?": date(""),
	"postcode?": text("", "88131", { maxLength: 10 }),
	"plate?": text("", "LI-VP 17", { maxLength: 20 }),
};

Object.assign(schemas, {
	QueueItem: answer(row),
	QueuePage: page("QueueItem"),
	QueueCounts: answer({
		queued: count("", 12),
		postponed: count(""),
		mine: count("", 3),
		oldest_s: maybe(count("", 86400)),
		by_reason: list(answer({ code: one_of(reasons), count: count("", 4) })),
		by_insurer: list(answer({ key, name: text("", "Seeufer Versicherung"), count: count("", 4) })),
	}),
	Objection: answer({ code: one_of(objections), says: text("A sentence.", "what is known of the holder is another person's"), says_de: text("The same in German.", "die Lieferung nennt einen anderen Versicherungsnehmer als der Vertrag") }),
	Candidate: answer({
		rank: int("", 1, { minimum: 1 }),
		contract_id,
		number: maybe(text("", "AS-12 3456798")),
		printed_number: maybe(text("", "AS-12 3456798")),
		diff,
		delivered_diff: diff,
		comparison: list(comparison, "What the delivery, the letter and the contract say, side by side; what nobody says is left out."),
		cancelled: bool("", false),
		line: maybe(text("", "050")),
		...line_names,
		starts_on: maybe(date("")),
		ends_on: maybe(date("")),
		customer_id: maybe(customer_id),
		holder,
		tier_if: maybe(text("", "repaired")),
		why: list(said),
		why_not: list(said),
		insurer,
		confirm: list(objection, "What has to be named in `confirm` for it to be filed there."),
		last_document_at: maybe(time("")),
		effects,
	}),
	CandidateList: answer({ items: list(ref("Candidate")) }),
	Document: answer({
		...row,
		contracts: list(answer({
			contract_id,
			number: maybe(text("", "AS-12 3456798")),
			printed_number: maybe(text("", "AS-12 3456798")),
			customer_id: maybe(customer_id),
			name: maybe(text("", "Tannhuber")),
			first_name: maybe(text("", "Ilse")),
		}), "Where it is filed."),
		tier: one_of(tiers),
		decided_at: maybe(time("")),
		decided_by: maybe(text("A person; null: the matcher.", "sachbearbeitung")),
		facts: { type: "object", description: "What was delivered: numbers with their kind, claim, plate, birth date, postcode ..." },
		evidence: list(answer({ says: text("", "the number is not in the stock"), says_de: text("", "die Nummer ist nicht im Bestand"), against: bool("") })),
		decisions: list(answer({
			decision_id: uuid(""),
			action: text("", "assign"),
			by: text("", "sachbearbeitung"),
			at: time(""),
			note: maybe(text("", "")),
			contract_id: maybe(contract_id),
			reason: maybe(text("Of an ignored document.", "advertising")),
		})),
		candidates: list(ref("Candidate")),
		text: maybe(answer({ state: text("", "read"), pages: count("", 2) })),
		release: maybe(answer({ state: text("", "waiting"), rule: text("", "default"), due_at: maybe(time("")), told: bool("The customer knows.") })),
		undo: answer({ possible: bool(""), until: maybe(time("")) }),
	}),
	TextLayer: answer({
		pages: list(answer({
			page: int("", 1, { minimum: 1 }),
			width: number("Points.", 595),
			height: number("", 842),
			words: list(answer({ text: text("", "AS-12"), box: list(number("", 12.5), "x0, y0, x1, y1 from the upper left.", { minItems: 4, maxItems: 4 }) })),
		})),
		highlights: list(answer({ page: int("", 1), box: list(number("", 12.5), "", { minItems: 4, maxItems: 4 }), number: text("As delivered; of a clue, as it stands there.", "AS-12 3456789"), contract_id: maybe(text("Only the text speaks of this contract; null: the number was delivered.", "V-1")) })),
	}),
	Lock: answer({ lock, mine: bool("False: a colleague is at it; deciding is possible all the same.") }),
	Unlocked: answer({ lock: maybe(lock) }, "A colleague's lock stays."),
	Assign: asked({
		version,
		"confirm?": confirm,
		"contract_id?": contract_id,
		"contract_ids?": list(contract_id, "Several, of a collective document.", { minItems: 1, maxItems: 50 }),
		"alias?": bool("Remember the number as a name of the contract: the default, but not at another insurer than the document's."),
		"alias_scope?": alias_scope,
		"also?": bool("File the other documents that this solves.", false),
		"note?": note,
		"several_customers?": bool("The contracts may be different customers'; needs a note.", false),
	}),
	Ignore: asked({ version, reason: one_of(ignore_reasons), "note?": note }),
	Postpone: asked({ version, until: time(""), "note?": note }),
	HandOver: asked({ version, to: text("A user.", "leitung", { maxLength: 64 }), "note?": note }),
	Undo: asked({ version, "note?": note }, "The version that the decision made: one that a colleague made since stays."),
	NewContract: asked({
		version,
		contract: asked(facts_of_contract, "What is left out is taken from the document's facts."),
		"confirm?": confirm,
		"alias?": bool(""),
		"note?": note,
	}),
	Decided: answer({
		document: ref("QueueItem"),
		decision_id: maybe(uuid("")),
		undone: maybe(text("Of an undo: what was taken back.", "assign")),
		alias: bool("The number is a name of the contract now."),
		pattern_proposed: bool("Its spelling is proposed for the insurer's other numbers (`alias_scope` pattern).", false),
		no_alias: maybe(text("Why not.", "the document has no number")),
		no_alias_de: maybe(text("", "Das Dokument hat keine Nummer.")),
		withdrawn: count("Of an undo: other documents that the alias had filed, which wait again.", 0),
		others: count("Documents that this solves, too; filed if `also` was asked.", 0),
		undo_until: maybe(time("")),
		events: list(text("Types that were written.", "document.attached")),
	}),
	Bulk: asked({
		action: one_of(["assign", "ignore", "postpone", "undo"]),
		documents: list(asked({ document_id: uuid(""), version, "confirm?": confirm }), "At most 200 in one request; the page sends a larger selection in portions.", { minItems: 1, maxItems: 200 }),
		"contract_id?": contract_id,
		"reason?": one_of(ignore_reasons),
		"until?": time(""),
		"note?": note,
		"alias?": bool("Assign: remember the numbers as names of the contract; never at another insurer than the document's.", false),
		"preview?": bool("Only say what would happen."),
	}),
	BulkDone: answer({
		items: list({
			type: "object",
			description: "What became of each: `would` or `done` names the action; else it is refused and says why.",
			properties: {
				document_id: uuid(""),
				would: text("", "ignore"),
				done: text("", "ignore"),
				refused: bool(""),
				why: maybe(text("", "somebody decided about this document")),
				why_de: maybe(text("", "Über dieses Dokument hat schon jemand entschieden.")),
				others: count("Documents that this solves, too.", 0),
				confirm: list(objection, "Refused: name these codes with the document if it is meant all the same."),
				effects,
				alias: bool("Preview of assign: its number would be remembered.", false),
				version: int("Where it was done: what the document is now.", 3),
			},
			required: ["document_id"],
		}),
		totals: { type: "object", additionalProperties: { type: "integer" }, examples: [{ done: 2, refused: 1 }] },
		preview: bool("Nothing was changed.", false),
		contract: maybe(answer({ contract_id, number: maybe(text("", "AS-12 3456798")), printed_number: maybe(text("", "AS-12 3456798")), customer_id: maybe(customer_id), name: maybe(text("", "Tannhuber")), first_name: maybe(text("", "Ilse")), insurer }, "Preview of assign: where to.")),
	}),
});

// ---- insight ----

const span = { from: date(""), to: date("") };
const contract = {
	contract_id,
	insurer,
	number: maybe(text("", "AS-12 3456798")),
	printed_number: maybe(text("", "AS-12 3456798")),
	line: maybe(text("", "050")),
		...line_names,
	starts_on: maybe(date("")),
	ends_on: maybe(date("")),
	cancelled: bool("", false),
	vanished_at: maybe(time("A full delivery did not mention it any more.")),
	customer_id: maybe(customer_id),
	holder,
};
const connection_state = answer({
	connection: text("", "seeufer-makler"),
	state: one_of(["active", "paused"]),
	pause_reason: maybe(text("", "Wartung beim Versicherer")),
	last_attempt_at: maybe(time("")),
	last_success_at: maybe(time("")),
	next_due_at: maybe(time("null: paused.")),
	working: bool("A round runs now.", false),
	failures: count("In a row.", 0),
	error: maybe(text("The last round's trouble, a sentence.", "the password was refused")),
	error_de: maybe(text("The same in German as far as we have words.", "Das Kennwort wurde abgelehnt.")),
	credential_expires_at: maybe(time("Of the certificate that the last round logged in with; null: none, or no round yet.")),
	quarantined: count("Shipments that could not be read and wait for a person.", 0),
	waiting_acknowledgement: count("Stored and not confirmed to the insurer yet.", 0),
});
const codes = (of) => list(answer({ code: of, ...words }));
const import_report = answer({
	format: one_of(["gdv", "csv"]),
	code_pages: text("", "ISO 8859-15"),
	deliveries: count("GDV: deliveries in the file.", 1),
	incomplete: count("Of them: those that say themselves that something is missing.", 0),
	refused: count("Numbers that can be none; their contracts are kept without.", 0),
	records: count("", 4012),
	contracts: count("", 1203),
	skipped: count("", 0),
	problems: count("", 2),
	added: count("", 3),
	changed: count("", 12),
	unchanged: count("", 1188),
	ended: count("Of the changed ones.", 1),
	returned: count("Of the changed ones: had vanished.", 0),
	adopted: count("Made by a person for a document, and delivered now: one contract, under the id that it had.", 1),
	beside: count("Of the new ones: a contract that a person made has the number and is not known to be the same; both stand.", 0),
	refused_names: count("Numbers that the insurer's rules refuse.", 0),
	without_names: count("Contracts that no number leads to.", 0),
	of_unknown_insurers: count("Contracts of insurers that no insurer file names, for example of a misspelt one; not in reports of before.", 0),
	covered: maybe(count("Contracts known of this source; null: a part, nothing can vanish.", 1200)),
	vanished: maybe(count("", 0)),
	changes: list(answer({ contract_id, fields: text("", "end cancelled"), ended: bool(""), returned: bool("", false), adopted: bool("", false) }), "At most 1000."),
	sentences: list(answer({ record: count("0: of the whole file.", 17), field: maybe(text("What it is about; null: the record as a whole.", "0100, field 18")), says: text("", "the birth date (0100, field 18) is no date, taken as unknown"), says_de: text("", "das Geburtsdatum (0100, Feld 18) ist kein Datum und gilt als unbekannt"), skipped: bool("", false) }), "At most 1000."),
});

Object.assign(schemas, {
	Contract: answer(contract),
	ContractPage: page("Contract"),
	ContractDetail: answer({
		...contract,
		vu: maybe(text("Register number of the insurer.", "5999")),
		application_number: maybe(text("", "A-778812")),
		broker_number: maybe(text("The broker's at this insurer.", "004711")),
		source: maybe(text("Who delivers it.", "gdv")),
		imported_at: time(""),
		changed_at: time(""),
		names: list(answer({
			key: text("", "AS123456798"),
			spelling: text("", "AS-12 3456798"),
			origin: one_of(["system", "printed", "other", "application", "person", "former", "broker", "claim"]),
			created_at: time(""),
			created_by: maybe(text("", "sachbearbeitung")),
		}), "Every number that it answers to."),
		documents: list(ref("FiledDocument"), "The latest 50."),
		renumberings: list(answer({ before: maybe(text("", "12/3456798")), after: text("", "AS-12 3456798"), by: text("", "leitung"), at: time(""), undone_at: maybe(time("")), undone_by: maybe(text("", "leitung")) })),
	}),
	FiledDocument: answer({
		document_id: uuid(""),
		file: answer({ name: maybe(text("", "police.pdf")), media_type: text("", "application/pdf"), size: count("", 48213) }),
		business_class,
		received_at: time(""),
		tier: one_of(tiers),
		decided_by: maybe(text("A person; null: the matcher.", "sachbearbeitung")),
		release: maybe(one_of(["waiting", "released", "withheld", "withdrawn", "superseded"])),
	}),
	Customer: answer({ customer_id, holder, contracts: count("", 2) }),
	CustomerPage: page("Customer"),
	CustomerDetail: answer({
		customer_id,
		holder,
		contracts: list(ref("Contract"), "At most 200."),
		documents: count("Filed to them.", 14),
		reachable: maybe(bool("What the push service said last; null: nothing.")),
		reachable_since: maybe(time("")),
	}),
	TimelineItem: answer({
		at: time(""),
		kind: one_of(["arrival", "decision", "release", "event", "feedback", "letter"]),
		...words,
		document_id: maybe(uuid("")),
		contract_id: maybe(contract_id),
		detail: maybe(text("What adds to the words: a name, a reason, a type.", "police.pdf")),
		detail_de: maybe(text("The same in German, where it is a word of ours.", "police.pdf")),
	}),
	TimelinePage: page("TimelineItem", "Latest first."),
	Insurer: answer({ ...insurer.properties, connections: list(connection_state) }),
	InsurerList: answer({ items: list(ref("Insurer")) }),
	Connection: connection_state,
	DeliveryList: page("Delivery"),
	Delivery: answer({
		insurer,
		connection: text("", "seeufer-makler"),
		shipment_id: text("", "70001"),
		category: maybe(text("As the insurer's list says it.", "120010000")),
		since: time("The insurer listed it first."),
		answered_at: maybe(time("What was kept came.")),
		sentence: maybe(text("Why it cannot be read.", "getShipment: unexpected element at byte 4711")),
		sentence_de: maybe(text("The same in German as far as we have words.", "")),
		place: maybe(answer({ byte: count("Of the answer, or of its XML part.", 4711), line: maybe(int("null: not counted.", 12)), column: maybe(int("", 3)) })),
		code: maybe(text("The insurer's, if it refused.", "")),
		attempts: count("", 1),
		kept: bool("The answer is kept: trying again reads it, and asks the insurer for nothing."),
		retry_asked_at: maybe(time("Somebody wants it tried again.")),
		paused: bool("The connection is paused: nothing is tried.", false),
		next: text("What can be done.", ""),
		next_de: text("", ""),
	}),
	Retry: asked({ shipment_id: text("", "70001", { minLength: 1, maxLength: 500 }) }),
	Pause: asked({ "reason?": text("Shown in the list.", "Wartung beim Versicherer", { maxLength: 500 }) }),
	Import: answer({
		import_id: uuid(""),
		file: maybe(text("As it is called where it came from.", "bestand.gdv")),
		state: one_of(["waiting", "running", "done", "failed"]),
		dry_run: bool("Everything is done and taken back."),
		by: text("", "leitung"),
		started_at: time(""),
		ended_at: maybe(time("")),
		bytes: count("", 512034),
		bytes_read: count("", 512034),
		contracts: count("Read so far.", 1203),
		report: maybe(import_report),
		error: maybe(text("Why it failed: a sentence; nothing was changed then.", "")),
		error_de: maybe(text("", "")),
		queue: maybe(text("What became of the queue.", "left to the daemon")),
	}),
	ImportList: answer({ items: list(ref("Import"), "The latest 20.") }),
	Statistics: answer({
		...span,
		filed_by_week: list(answer({ week: date("Its Monday."), filed: count("By the matcher.", 180), by_person: count("Decided by a person since.", 8), queued: count("Still wait.", 12), total: count("", 200) })),
		funnel: answer({ fetched: count("", 200), filed: count("", 190), released: count("", 150), delivered: count("", 148) }),
		reasons: list(answer({ code: one_of(reasons), count: count("Why they wait now.", 4) })),
		lead_histogram: list(answer({ from_h: maybe(int("null: below.", 0)), to_h: maybe(int("null: above.", 6)), count: count("", 31) }), "Hours from the word to the customer to the letter that was expected then, of what was released in these days."),
		by_insurer: list(answer({ key, name: text("", "Seeufer Versicherung"), documents: count("", 120), filed: count("By the matcher.", 114), rate: number("", 0.95), corrected: count("Filed by the matcher and put right by a person.", 0) })),
		by_tier: list(answer({ tier: one_of(tiers), filed: count("", 110), corrected: count("", 0), precision: maybe(number("", 1)), bound95: maybe(number("It is at least this, with 95 %.", 0.973)) })),
		decision_seconds: answer({ median: maybe(number("From the first look of the person who decided.", 9.5)), p95: maybe(number("", 40)) }),
		alias_hits: count("Filed by a name that a person confirmed.", 3),
		oldest_queue_s: maybe(count("", 86400)),
	}),
	Vocabulary: answer({
		reasons: codes(one_of(reasons)),
		business_classes: list(answer({ code: one_of(classes), ...words, for_customers: bool("May be filed without a person.") })),
		tiers: codes(one_of(tiers)),
		ignore_reasons: codes(one_of(ignore_reasons)),
		roles: list(answer({ code: one_of(roles), ...words, scopes: list(one_of(scopes)) })),
		origins: codes(text("Of a contract's name.", "printed")),
		releases: codes(text("State of a release.", "waiting")),
		timeline: codes(text("Kind of a timeline's item.", "arrival")),
		audit_actions: codes(text("Of the audit log.", "document.viewed")),
	}),
});

// ---- feed ----

const cloudevent = {
	type: "object",
	description: "A CloudEvent; docs/events says all of it.",
	properties: {
		specversion: { const: "1.0" },
		id: uuid(""),
		source: text("", "urn:vorpost:demo"),
		type: text("", "document.attached"),
		time: time(""),
		sequence: text("Position.", "00000000000000000017", { pattern: "^[0-9]{20}$" }),
		data: { type: "object" },
	},
	required: ["specversion", "id", "source", "type", "data"],
};
Object.assign(schemas, {
	Event: cloudevent,
	EventBatch: list(ref("Event")),
	Consumer: answer({ consumer: text("", "push"), position: count("Acknowledged."), head: count("The last there is."), oldest: count("The first that is kept."), acked_at: maybe(time("")) }),
	Ack: asked({ position: count("Everything up to it is done."), "reset?": bool("Go back.", false) }),
	Feedback: {
		type: "object",
		properties: {
			specversion: { const: "1.0" },
			id: text("", "f-1"),
			source: text("", "urn:push"),
			type: text("", "notification.accepted"),
			data: { type: "object", examples: [{ event_id: "0192f0c4-5a1e-7c3b-9a52-3f6d2b7c8e11" }] },
		},
		required: ["specversion", "id", "source", "type", "data"],
	},
	FeedbackTaken: answer({ stored: count(""), repeated: count("", 0) }),
});
