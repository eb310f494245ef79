// state/queue.ts -- the list of the queue: what is loaded, where one is in it, what of the selection it has.
import { batch, computed, signal } from '@preact/signals';
import { api, Refused, type Filter } from '../api';
import type { Counts, Document, Page, QueueItem } from '../types';
import { kept, nextAfter, merged } from './list';
import { go, route, routeNow, routeWrite } from './route';
import * as selection from './selection';
import { selected } from './selection';
import { refusal } from './session';

export const items = signal<QueueItem[]>([]);
export const counts = signal<Counts | null>(null);
export const next = signal<string | null>(null);
export const phase = signal<'first' | 'more' | 'idle'>('first');
export const failure = signal<string | null>(null);
export const fresh = signal(0); // documents that came since the list was loaded
export const ended = signal(false); // the last one of the list was decided just now

const firstRows = 20; // more than a window shows: who waits for them waits for these
const page = 50;
const mostRefreshed = 200;
let running: AbortController | null = null;

const filterKeys = ['reason', 'insurer', 'business_class', 'line', 'q', 'assignee', 'state', 'sort'] as const;
export const filter = computed<Filter>(() => {
	const f: Filter = {};
	if (route.value.page !== 'queue') return f; // the query of another page is none of ours
	for (const key of filterKeys) {
		const value = route.value.query[key];
		if (value) f[key] = value;
	}
	return f;
});
export const filterText = computed(() => JSON.stringify(filter.value));
export const filterCount = computed(() => Object.keys(filter.value).filter((k) => k !== 'sort' && k !== 'state').length);

export const here = (): boolean => routeNow().page === 'queue';
export const openId = computed(() => (route.value.page === 'queue' ? route.value.id : null));
export const openIndex = computed(() => items.value.findIndex((i) => i.document_id === openId.value));
export const total = computed(() => {
	const c = counts.value;
	const state = filter.value.state;
	const known = c ? (state === 'postponed' ? c.postponed : c.queued) : 0;
	return Math.max(known, items.value.length);
});

export function filterSet(change: Partial<Filter>): void {
	const query: Record<string, string | undefined> = { ...filter.value, ...change };
	go(routeWrite('queue', null, query), false);
}
export function filterClear(): void {
	const { sort, state } = filter.value;
	go(routeWrite('queue', null, { sort, state }), false);
}
const hrefTail = computed(() => routeWrite('queue', null, filter.value).slice('#/queue'.length)); // the same for every row
export function hrefOf(id: string | null): string {
	return routeWrite('queue', id) + hrefTail.value;
}
export function open(id: string | null, push = false): void {
	ended.value = false;
	go(hrefOf(id), push);
}

async function run(what: 'first' | 'more', load: (signal: AbortSignal) => Promise<void>): Promise<void> {
	running?.abort();
	const mine = (running = new AbortController());
	phase.value = what;
	failure.value = null;
	try {
		await load(mine.signal);
	} catch (e) {
		if (mine.signal.aborted) return;
		failure.value = e instanceof Refused && e.status === 401 ? null : refusal(e);
	}
	if (!mine.signal.aborted) phase.value = 'idle';
}

// The first page of the list, asked for together with who one is: whoever is logged in waits for one answer less.
let early: { filter: string; list: Promise<Page<QueueItem>> } | null = null;
export function queueEarly(): void {
	if (route.value.page !== 'queue') return;
	early = { filter: filterText.value, list: api.queue(filter.value, null, firstRows) };
	early.list.catch(() => {}); // whose session is over, or who is off the line, is told by the other question
}
function firstPage(asked: string, signal: AbortSignal): Promise<Page<QueueItem>> {
	const known = early?.filter === asked ? early.list : null;
	early = null;
	const ask = (): Promise<Page<QueueItem>> => api.queue(filter.value, null, firstRows, signal);
	return known ? known.catch(ask) : ask();
}

let shownFilter = ''; // the filter that the items fit

export function load(): Promise<void> {
	const asked = filterText.value;
	return run('first', async (signal) => {
		let got;
		try {
			got = await firstPage(asked, signal);
		} catch (e) {
			// What another filter found must not stand below this one.
			if (!signal.aborted && asked !== shownFilter) batch(() => ((items.value = []), (next.value = null)));
			throw e;
		}
		batch(() => {
			shownFilter = asked;
			items.value = got.items;
			next.value = got.next;
			fresh.value = 0;
			ended.value = false;
		});
		void countsLoad();
	});
}

export function loadMore(): void {
	// Between another filter and its list stands the list before, whose cursor the other has not given out.
	if (phase.value !== 'idle' || !next.value || filterText.value !== shownFilter) return;
	void run('more', async (signal) => {
		const got = await api.queue(filter.value, next.value, page, signal);
		batch(() => {
			items.value = merged(items.value, got.items);
			next.value = got.next;
		});
	});
}

// The same list anew, as far as it was loaded; what is open and selected stays.
export async function refresh(): Promise<void> {
	if (phase.value !== 'idle') return;
	const asked = filterText.value;
	try {
		const got = await api.queue(filter.value, null, Math.min(mostRefreshed, Math.max(firstRows, items.value.length)));
		if (filterText.value !== asked) return; // another list by now: neither these rows nor this cursor are its
		batch(() => {
			items.value = kept(items.value, got.items);
			next.value = got.next;
			fresh.value = 0;
		});
		await countsLoad();
	} catch {
		// What is shown stays; the line tells of itself.
	}
}

let counting = 0;
export function countsSoon(): void {
	clearTimeout(counting);
	counting = window.setTimeout(() => void countsLoad(), 400);
}
export async function countsLoad(): Promise<void> {
	clearTimeout(counting);
	try {
		counts.value = await api.counts({ ...filter.value, sort: undefined }); // the same in whatever order
	} catch {
		// as above
	}
}

// ---- the way through the list

export const steppedAt = { last: -Infinity, now: -Infinity }; // when one walked on by key, by performance.now()

export function step(by: 1 | -1): void {
	const at = openIndex.value;
	const to = at < 0 ? (by > 0 ? 0 : items.value.length - 1) : at + by;
	const item = items.value[to];
	if (item) {
		steppedAt.last = steppedAt.now;
		steppedAt.now = performance.now();
		open(item.document_id);
	}
	if (to >= items.value.length - 8) loadMore();
}

// Take decided documents out of the list and go on to the one that followed. waits: it is no less that wait.
export function leave(ids: ReadonlySet<string>, move = true, waits = false): void {
	const on = move && here(); // whoever went to another page meanwhile is not fetched back
	const to = on ? nextAfter(items.value, openId.value, ids) : openId.value;
	batch(() => {
		items.value = items.value.filter((i) => !ids.has(i.document_id));
		selection.unselect(ids);
		if (counts.value && !waits) counts.value = { ...counts.value, queued: Math.max(0, counts.value.queued - ids.size) };
		if (on) {
			open(to);
			ended.value = to === null;
		}
	});
	if (items.value.length < 12) loadMore();
	countsSoon();
}

// Which one a decision about the open one leads to.
export function following(gone?: ReadonlySet<string>): string | null {
	const id = openId.value;
	return id && openIndex.value >= 0 ? nextAfter(items.value, id, gone ?? new Set([id])) : null;
}

export function patchItem(id: string, change: Partial<QueueItem>): void {
	if (items.value.some((i) => i.document_id === id)) items.value = items.value.map((i) => (i.document_id === id ? { ...i, ...change } : i));
}

// ---- selection

// The list, however it is sorted.
export const listName = computed(() => JSON.stringify({ ...filter.value, sort: undefined }));
export const toggleRange = (id: string): void => selection.toggleRange(items.value, id);
export const selectAll = (): void => selection.select(items.value);
// Selected, but not among the rows that are loaded: further down, or decided by now.
export const selectedApart = computed(() => {
	const here = new Set(items.value.map((i) => i.document_id));
	return [...selected.value].filter((id) => !here.has(id));
});

const mostSought = 2000; // rows; what is not among them is asked for by itself
const soughtPage = 200;

// All that is selected, as it is now. What waits no longer is no longer selected; how many that were is told.
export async function selectedNow(): Promise<{ found: QueueItem[]; gone: number }> {
	const known = new Map(items.value.map((i) => [i.document_id, i]));
	let missing = selectedApart.value;
	const listed = filter.value;
	let cursor: string | null = null;
	for (let asked = 0; missing.length && asked < mostSought; asked += soughtPage) {
		const got: Page<QueueItem> = await api.queue(listed, cursor, soughtPage);
		for (const i of got.items) known.set(i.document_id, i);
		missing = missing.filter((id) => !known.has(id));
		if (!(cursor = got.next)) break;
	}
	const gone = new Set<string>();
	for (const id of missing) {
		const now = await documentNow(id);
		if (now?.state === 'queued') known.set(id, { ...now, candidates: now.candidates.length });
		else gone.add(id);
	}
	selection.unselect(gone);
	return { found: [...selected.value].flatMap((id) => known.get(id) ?? []), gone: gone.size };
}
async function documentNow(id: string): Promise<Document | null> {
	try {
		return await api.document(id, undefined, true);
	} catch (e) {
		if (e instanceof Refused && e.status === 404) return null;
		throw e;
	}
}
