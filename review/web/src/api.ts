// api.ts -- the only place that talks to the server. Every refusal becomes a Refused with the server's own words.
import type {
	AuditEntry, BulkAnswer, Candidate, Colleague, ConnectionState, Contract, ContractDetail, Counts, Customer, CustomerDetail, Decided, Delivery, Document, Import, Insurer, Lock, Me, Page,
	Problem, QueueItem, Session, Statistics, TextLayer, TimelineItem, User, Vocabulary,
} from './types';

const root = '/api/v1';
const patience = 30_000; // milliseconds that one answer may take

export class Refused extends Error {
	constructor(public readonly problem: Problem) {
		super(problem.detail ?? problem.title);
	}
	get status(): number {
		return this.problem.status;
	}
	is(type: string): boolean {
		return this.problem.type === type || this.problem.type.endsWith(`/${type}`) || this.problem.type.endsWith(`:${type}`) || this.problem.type.endsWith(`#${type}`);
	}
}
// No answer. wrote: what was asked may have been done all the same, for it is the answer that is missing.
export class Offline extends Error {
	constructor(public readonly wrote: boolean) {
		super('no answer');
	}
}

// Who hears that a session ended or that the line is gone or back; set once by state/session.ts.
// stale: another tab of this browser has a fresh session; true if its token was taken and one may ask again.
export const heard = { expired: (): void => {}, line: (_up: boolean): void => {}, stale: (): Promise<boolean> => Promise.resolve(false) };

let csrf = '';
export function csrfSet(token: string): void {
	csrf = token;
}

// What insurers send may hold characters that turn the reading direction or are no signs at all: they are shown as such, once
// and for all. Names that are sent back to the server stay as they are.
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;
const sentBack = /(^|_)(id|key|user|next|csrf|connection|code)$/;
export function harmless(name: string, value: unknown): unknown {
	return typeof value === 'string' && !sentBack.test(name) ? value.replace(unseen, '\ufffd') : value;
}

type Query = Record<string, string | number | boolean | null | undefined>;

export function path(route: string, query?: Query): string {
	const q = new URLSearchParams();
	for (const [k, v] of Object.entries(query ?? {})) if (v !== undefined && v !== null && v !== '') q.set(k, String(v));
	const text = q.toString();
	return root + route + (text ? `?${text}` : '');
}

async function problemOf(answer: Response): Promise<Problem> {
	const otherwise: Problem = { type: 'about:blank', title: answer.statusText || `HTTP ${answer.status}`, status: answer.status };
	try {
		return { ...otherwise, ...((await answer.json()) as Partial<Problem>), status: answer.status };
	} catch {
		return otherwise;
	}
}

async function ask(method: string, url: string, body?: BodyInit, type?: string, signal?: AbortSignal, again = false): Promise<Response> {
	const headers: Record<string, string> = { Accept: 'application/json, application/problem+json' };
	if (type) headers['Content-Type'] = type;
	if (method !== 'GET' && csrf) headers['X-CSRF-Token'] = csrf;
	const late = new AbortController();
	const timer = setTimeout(() => late.abort(), patience);
	signal?.addEventListener('abort', () => late.abort(), { once: true });
	let answer: Response;
	try {
		answer = await fetch(url, { method, headers, body, signal: late.signal, credentials: 'same-origin', cache: 'no-cache' });
	} catch (e) {
		if (signal?.aborted) throw e;
		heard.line(false);
		throw new Offline(method !== 'GET');
	} finally {
		clearTimeout(timer);
	}
	heard.line(true);
	if (answer.ok) return answer;
	const problem = await problemOf(answer);
	const refused = new Refused(problem);
	if (answer.status === 401 && !url.endsWith('/login')) heard.expired();
	if (!again && refused.is('csrf') && (await heard.stale())) return ask(method, url, body, type, signal, true);
	throw refused;
}

async function json<T>(method: string, route: string, query?: Query, body?: unknown, signal?: AbortSignal): Promise<T> {
	const answer = await ask(method, path(route, query), body === undefined ? undefined : JSON.stringify(body), body === undefined ? undefined : 'application/json', signal);
	if (answer.status === 204) return undefined as T;
	const text = await answer.text().catch(() => {
		heard.line(false);
		throw new Offline(method !== 'GET'); // cut off in the middle
	});
	return (text ? JSON.parse(text, harmless) : undefined) as T;
}

export const get = <T>(route: string, query?: Query, signal?: AbortSignal): Promise<T> => json<T>('GET', route, query, undefined, signal);
export const post = <T>(route: string, body: unknown = {}): Promise<T> => json<T>('POST', route, undefined, body);
export const patch = <T>(route: string, body: unknown): Promise<T> => json<T>('PATCH', route, undefined, body);
export const remove = <T>(route: string): Promise<T> => json<T>('DELETE', route);
// A file takes as long as its line takes: how far it is is told, and it is given up only when the line is gone.
export function upload<T>(route: string, query: Query, file: Blob, progress: (sent: number, of: number) => void): Promise<T> {
	return new Promise((done, fail) => {
		const x = new XMLHttpRequest();
		x.open('POST', path(route, query));
		x.setRequestHeader('Accept', 'application/json, application/problem+json');
		x.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
		if (csrf) x.setRequestHeader('X-CSRF-Token', csrf);
		x.upload.onprogress = (e) => progress(e.loaded, e.total);
		x.onerror = () => {
			heard.line(false);
			fail(new Offline(true));
		};
		x.onload = async () => {
			heard.line(true);
			if (x.status >= 200 && x.status < 300) return done(JSON.parse(x.responseText, harmless) as T);
			if (x.status === 401) heard.expired();
			fail(new Refused(await problemOf(new Response(x.responseText, { status: x.status, statusText: x.statusText }))));
		};
		x.send(file);
	});
}

// As much of its end as the server takes.
const nameMost = 200; // bytes
function nameSent(name: string): string {
	const letters = [...name];
	while (new TextEncoder().encode(letters.join('')).length > nameMost) letters.shift();
	return letters.join('');
}

const doc = (id: string, rest = ''): string => `/documents/${encodeURIComponent(id)}${rest}`;

export type Filter = {
	reason?: string;
	insurer?: string;
	business_class?: string;
	line?: string;
	q?: string;
	assignee?: string;
	state?: string;
	sort?: string;
};
export type Assign = {
	version: number;
	contract_id?: string;
	contract_ids?: string[];
	alias?: boolean;
	alias_scope?: 'number' | 'pattern' | 'none';
	also?: boolean;
	note?: string;
	several_customers?: boolean;
	confirm?: string[];
};
export type BulkOrder = {
	action: 'assign' | 'ignore' | 'postpone';
	documents: { document_id: string; version: number; confirm?: string[] }[];
	contract_id?: string;
	reason?: string;
	until?: string;
	note?: string;
	preview: boolean;
};

export const api = {
	options: () => get<{ password: boolean; proxy: boolean; session: boolean }>('/login/options'),
	login: (user: string, password: string) => post<Me>('/login', { user, password }),
	logout: () => post<void>('/logout'),
	me: () => get<Me>('/me'),
	passwordChange: (current: string, password: string) => post<Me>('/me/password', { current, password }),
	vocabulary: () => get<Vocabulary>('/vocabulary'),

	queue: (filter: Filter, cursor?: string | null, limit = 50, signal?: AbortSignal) => get<Page<QueueItem>>('/queue', { ...filter, cursor, limit }, signal),
	counts: (filter: Filter, signal?: AbortSignal) => get<Counts>('/queue/counts', filter, signal),
	queueStream: (): EventSource => new EventSource(path('/queue/stream')),

	document: (id: string, signal?: AbortSignal, ahead?: boolean) => get<Document>(doc(id), ahead ? { ahead } : undefined, signal),
	candidate: (id: string, contract_id: string) => get<{ items: Candidate[] }>(doc(id, '/candidates'), { contract_id }),
	bytesPath: (id: string) => path(doc(id, '/bytes')),
	bytes: async (id: string, signal?: AbortSignal) => (await ask('GET', path(doc(id, '/bytes')), undefined, undefined, signal)).arrayBuffer(),
	// Is there nothing stored of it?
	absent: async (id: string, signal?: AbortSignal): Promise<boolean> => (await fetch(path(doc(id, '/bytes')), { headers: { Range: 'bytes=0-0' }, signal })).status === 404,
	text: (id: string, signal?: AbortSignal) => get<TextLayer>(doc(id, '/text'), undefined, signal),

	colleagues: () => get<{ items: Colleague[] }>('/colleagues'),
	assign: (id: string, order: Assign) => post<Decided>(doc(id, '/assign'), order),
	ignore: (id: string, order: { version: number; reason: string; note?: string }) => post<Decided>(doc(id, '/ignore'), order),
	postpone: (id: string, order: { version: number; until: string; note?: string }) => post<Decided>(doc(id, '/postpone'), order),
	handOver: (id: string, order: { version: number; to: string; note?: string }) => post<Decided>(doc(id, '/hand-over'), order),
	undo: (id: string, version: number) => post<Decided>(doc(id, '/undo'), { version }),
	contractMake: (id: string, order: { version: number; contract: Record<string, unknown>; note?: string; confirm?: string[] }) => post<Decided>(doc(id, '/contract'), order),
	lock: (id: string) => post<{ lock: Lock | null }>(doc(id, '/lock')),
	unlock: (id: string) => remove<void>(doc(id, '/lock')),
	bulk: (order: BulkOrder) => post<BulkAnswer>('/bulk', order),

	contracts: (query: { q?: string; issuer?: string; customer_id?: string }, cursor?: string | null, signal?: AbortSignal, limit = 30) =>
		get<Page<Contract>>('/contracts', { ...query, cursor, limit }, signal),

	contract: (id: string, signal?: AbortSignal) => get<ContractDetail>(`/contracts/${encodeURIComponent(id)}`, undefined, signal),
	customers: (q: string, cursor?: string | null) => get<Page<Customer>>('/customers', { q, cursor }),
	customer: (id: string, signal?: AbortSignal) => get<CustomerDetail>(`/customers/${encodeURIComponent(id)}`, undefined, signal),
	timeline: (id: string, cursor?: string | null) => get<Page<TimelineItem>>(`/customers/${encodeURIComponent(id)}/timeline`, { cursor }),
	importStart: (file: File, dryRun: boolean, progress: (sent: number, of: number) => void) => upload<Import>('/contracts/import', { dry_run: dryRun, file: nameSent(file.name) }, file.slice(0, file.size, /\.csv$/i.test(file.name) ? 'text/csv' : 'application/octet-stream'), progress),
	import: (id: string) => get<Import>(`/imports/${encodeURIComponent(id)}`),

	insurers: (signal?: AbortSignal) => get<{ items: Insurer[] }>('/insurers', undefined, signal),
	connectionPause: (name: string, reason: string) => post<ConnectionState>(`/connections/${encodeURIComponent(name)}/pause`, reason ? { reason } : {}),
	connectionResume: (name: string) => post<ConnectionState>(`/connections/${encodeURIComponent(name)}/resume`),
	connectionPoll: (name: string) => post<ConnectionState>(`/connections/${encodeURIComponent(name)}/poll`),
	deliveries: (connection: string, cursor?: string | null) => get<Page<Delivery>>('/deliveries', { state: 'quarantined', connection, cursor }),
	deliveryRetry: (connection: string, shipment_id: string) => post<Delivery>(`/deliveries/${encodeURIComponent(connection)}/retry`, { shipment_id }),
	statistics: (query: { from?: string; to?: string; insurer?: string }, signal?: AbortSignal) => get<Statistics>('/statistics', query, signal),

	users: (cursor?: string | null) => get<Page<User>>('/users', { cursor }),
	userAdd: (user: { user: string; name: string; role: string; password: string }) => post<User>('/users', user),
	userChange: (user: string, change: Partial<{ role: string; disabled: boolean; name: string; password: string }>) => patch<User>(`/users/${encodeURIComponent(user)}`, change),
	sessions: (user: string) => get<Page<Session>>(`/users/${encodeURIComponent(user)}/sessions`),
	sessionEnd: (id: string) => remove<void>(`/sessions/${encodeURIComponent(id)}`),
	audit: (query: { user?: string; action?: string; object?: string }, cursor?: string | null) => get<Page<AuditEntry>>('/audit', { ...query, cursor }),
};
