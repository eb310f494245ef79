// types.ts -- what the API answers (docs/api/openapi.json). Times are RFC 3339 text, ids are text.

export interface Words {
	words: string;
	words_de?: string | null;
}
export interface Coded extends Words {
	code: string;
}
// A line of business: its code, and what people call it where the table has a name.
export interface Lined {
	line?: string | null;
	line_name?: string | null;
	line_name_de?: string | null;
}
export interface Page<T> {
	items: T[];
	next: string | null;
}
export interface Problem {
	type: string;
	title: string;
	status: number;
	detail?: string;
	detail_de?: string;
	document?: Document;
	confirm?: Objection[];
	contract_id?: string; // of a contract to be made: the one that has its number
	retry_after?: number;
}

export type Role = 'clerk' | 'lead' | 'operator' | 'read-only';
export interface Me {
	user: string;
	name: string;
	role: Role;
	broker: string;
	scopes: string[];
	csrf: string;
	language?: 'de' | 'en' | null;
}

// A spelling in pieces: what is the same in the other spelling, and what is not.
export interface Piece {
	text: string;
	same: boolean;
}
export interface Lead {
	hours: number;
	share: number;
	words?: string;
	words_de?: string | null;
	letter_at: string | null;
	basis?: string;
	twin?: string;
}
export interface Holder {
	name?: string | null;
	first_name?: string | null;
	birth_date?: string | null;
	postcode?: string | null;
	plate?: string | null;
}
export interface Lock {
	user: string;
	name: string;
	until: string;
}
export interface QueueItem extends Lined {
	document_id: string;
	version: number;
	received_at: string;
	age_s: number;
	insurer: { key: string; name: string };
	connection?: string;
	business_class?: Coded | null;
	business_case?: string | null;
	reason: Coded | null;
	number: { delivered: string; canonical: string | null } | null;
	name_on_document?: string | null;
	file: { name: string | null; media_type: string | null; size: number; data?: boolean };
	lead: Lead | null;
	best: {
		contract_id: string;
		number: string | null;
		diff: Piece[];
		delivered_diff: Piece[];
		holder: string | null;
		reachable: boolean | null;
		by_text?: boolean;
	} | null;
	candidates: number;
	duplicate_of?: string | null;
	lock: Lock | null;
	assignee?: string | null;
	postponed_until?: string | null;
	note?: string | null;
	state?: string;
}
export interface Sentence {
	says: string;
	says_de?: string | null;
	against?: boolean;
}
export interface Effects {
	files: boolean;
	releases: boolean | 'held';
	hold_until?: string | null;
	event?: string | null;
	alias?: { key?: string; spelling?: string; possible: boolean; another?: boolean; why_not?: string | null; why_not_de?: string | null } | null;
	also_solves: number;
}
// What has to be confirmed before a document is filed there.
export interface Objection extends Sentence {
	code: string;
}
export type Verdict = 'same' | 'alike' | 'differs' | 'open';
// What the delivery, the letter and the contract say of one thing.
export interface Comparison {
	what: 'number' | 'holder' | 'birth_date' | 'postcode' | 'plate' | 'line' | 'insurer';
	delivery: string | null;
	letter: string | null;
	contract: string | null;
	verdict: Verdict; // of the delivery
	letter_verdict: Verdict;
}
export interface Candidate extends Lined {
	confirm: Objection[];
	insurer: { key: string; name: string };
	rank: number;
	contract_id: string;
	number: string | null;
	printed_number?: string | null;
	diff?: Piece[];
	delivered_diff?: Piece[];
	comparison: Comparison[];
	starts_on?: string | null;
	ends_on?: string | null;
	customer_id?: string | null;
	holder?: Holder | null;
	tier_if?: string | null;
	why: Sentence[];
	why_not: Sentence[];
	last_document_at?: string | null;
	effects: Effects;
}
export interface Decision {
	decision_id: string;
	action: string;
	by: string;
	at: string;
	note?: string | null;
	contract_id?: string | null;
}
export interface Document extends Omit<QueueItem, 'candidates'> {
	candidates: Candidate[];
	state: string;
	tier?: string;
	contracts?: { contract_id: string; number?: string | null; customer_id?: string | null }[];
	facts: Record<string, unknown>;
	evidence: Sentence[];
	decisions: Decision[];
	text?: { state: string; pages: number } | null;
	release?: { state: string; rule?: string; due_at?: string | null; released_at?: string | null; told?: boolean } | null;
	undo?: { possible: boolean; until: string | null } | null;
}
export interface Counts {
	queued: number;
	postponed: number;
	mine: number;
	oldest_s: number | null;
	by_reason: { code: string; count: number; words?: string; words_de?: string }[];
	by_insurer: { key: string; name: string; count: number }[];
}
export interface TextHighlight {
	page: number;
	box: [number, number, number, number];
	number?: string;
	contract_id?: string | null;
}
export interface TextPage {
	page: number;
	width: number;
	height: number;
	text?: string;
}
export interface TextLayer {
	pages: TextPage[];
	highlights: TextHighlight[];
}
export interface Decided {
	document: Document;
	decision_id: string;
	alias: boolean;
	no_alias?: string | null;
	pattern_proposed?: boolean;
	others: number;
	undo_until: string | null;
	events: string[];
}
export interface Delivery {
	insurer: { key: string; name: string };
	connection: string;
	shipment_id: string;
	since: string;
	sentence: string | null;
	sentence_de: string | null;
	place: { byte: number; line: number | null; column: number | null } | null;
	attempts: number;
	kept: boolean;
	retry_asked_at: string | null;
	paused: boolean;
	next: string;
	next_de: string;
}
export interface BulkItem {
	document_id: string;
	would?: unknown;
	done?: unknown;
	effects?: Effects; // preview of assign
	alias?: boolean;
	confirm?: Objection[]; // refused: what has to be confirmed
	version?: number; // of what was done: the document as it is now
	refused?: unknown;
	why?: string | null;
	why_de?: string | null;
}
export interface BulkAnswer {
	items: BulkItem[];
	contract?: { contract_id: string; number: string | null; printed_number: string | null; customer_id: string | null; name: string | null; first_name: string | null; insurer: { key: string; name: string } } | null;
	totals: Record<string, number>;
}

export interface Contract extends Lined {
	contract_id: string;
	number: string | null;
	printed_number?: string | null;
	insurer: { key: string; name: string };
	customer_id?: string | null;
	holder?: Holder | null;
	starts_on?: string | null;
	ends_on?: string | null;
	cancelled?: boolean;
	vanished_at?: string | null;
}

export interface User {
	user: string;
	name: string;
	role: Role;
	disabled: boolean;
	last_login_at?: string | null;
}
export interface Colleague {
	user: string;
	name: string;
}
export interface AuditEntry {
	at: string;
	user: string;
	action: string;
	object: string | null;
	address: string | null;
}
export interface Session {
	session_id: string;
	user: string;
	created_at: string;
	last_used_at: string;
	expires_at: string;
	address: string | null;
	current: boolean;
}

export interface Vocabulary {
	reasons: Coded[];
	business_classes?: Coded[];
	ignore_reasons?: Coded[];
	tiers?: Coded[];
	roles?: Coded[];
	origins?: Coded[];
	releases?: Coded[];
	timeline?: Coded[];
	audit_actions?: Coded[];
}

// ---- stock ----

export interface FiledDocument {
	document_id: string;
	file: { name: string | null; media_type: string; size: number };
	business_class: Coded;
	received_at: string;
	tier: string;
	decided_by: string | null;
	release: string | null;
}
export interface ContractDetail extends Contract {
	vu: string | null;
	application_number: string | null;
	broker_number: string | null;
	source: string | null;
	imported_at: string;
	changed_at: string;
	names: { key: string; spelling: string; origin: string; created_at: string; created_by: string | null }[];
	documents: FiledDocument[];
	renumberings: { before: string | null; after: string; by: string; at: string; undone_at: string | null; undone_by: string | null }[];
}
export interface Customer {
	customer_id: string;
	holder: Holder;
	contracts: number;
}
export interface CustomerDetail {
	customer_id: string;
	holder: Holder;
	contracts: Contract[];
	documents: number;
	reachable: boolean | null;
	reachable_since: string | null;
}
export interface TimelineItem extends Words {
	at: string;
	kind: 'arrival' | 'decision' | 'release' | 'event' | 'feedback' | 'letter';
	document_id: string | null;
	contract_id: string | null;
	detail: string | null;
	detail_de?: string | null;
}
export interface ImportReport {
	format: string;
	contracts: number;
	skipped: number;
	problems: number;
	added: number;
	changed: number;
	unchanged: number;
	ended: number;
	adopted?: number;
	of_unknown_insurers?: number;
	vanished: number | null;
	sentences: (Sentence & { record: number; field: string | null; skipped: boolean })[];
}
export interface Import {
	import_id: string;
	file: string | null;
	state: 'waiting' | 'running' | 'done' | 'failed';
	dry_run: boolean;
	by: string;
	started_at: string;
	ended_at: string | null;
	bytes: number;
	bytes_read: number;
	contracts: number;
	report: ImportReport | null;
	error: string | null;
	error_de?: string | null;
}

// ---- insurers and figures ----

export interface ConnectionState {
	connection: string;
	state: 'active' | 'paused';
	pause_reason: string | null;
	last_attempt_at: string | null;
	last_success_at: string | null;
	next_due_at: string | null;
	working: boolean;
	failures: number;
	error: string | null;
	error_de: string | null;
	credential_expires_at: string | null;
	quarantined: number;
	waiting_acknowledgement: number;
}
export interface Insurer {
	key: string;
	name: string;
	connections: ConnectionState[];
}
export interface Statistics {
	from: string;
	to: string;
	filed_by_week: { week: string; filed: number; by_person: number; queued: number; total: number }[];
	funnel: { fetched: number; filed: number; released: number; delivered: number };
	reasons: { code: string; count: number }[];
	lead_histogram: { from_h: number | null; to_h: number | null; count: number }[];
	by_insurer: { key: string; name: string; documents: number; filed: number; rate: number; corrected: number }[];
	by_tier: { tier: string; filed: number; corrected: number; precision: number | null; bound95: number | null }[];
	decision_seconds: { median: number | null; p95: number | null };
	alias_hits: number;
	oldest_queue_s: number | null;
}
