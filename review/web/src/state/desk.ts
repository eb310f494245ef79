// state/desk.ts -- the one document that is open: its facts, its candidates, which is chosen, and what is decided.
import { batch, computed, effect, signal } from '@preact/signals';
import { api, Offline, Refused, type Assign } from '../api';
import type { Candidate, Contract, Decided, Document, Objection } from '../types';
import { counted, dateTime, said, t } from '../text';
import { adviceOf } from './advice';
import { aheadAsk, aheadForget, aheadKeep, aheadTake } from './ahead';
import { afterPaint, painted } from './paint';
import * as queue from './queue';
import { may, me, refusal, toastRefusal } from './session';
import { slipsHere, slipsKeep, type Left, type Slip } from './slips';
import { dismiss, toast } from './toast';

export interface Desk {
	id: string;
	document: Document | null;
	candidates: Candidate[];
	failure: string | null;
	missing: boolean;
	found?: readonly string[]; // the contracts that a person found
	gone?: { id: string; number: string }; // the contract that was chosen, and that is none of them any more
}
export const desk = signal<Desk | null>(null);
export const chosen = signal(0);
export const alias = signal(true);
export const asPattern = signal(false); // and that the insurer writes all its numbers so: a proposal
export const busy = signal(false);
export const changed = signal(false); // another was first; what is shown is the new state

export const candidate = computed<Candidate | null>(() => desk.value?.candidates[chosen.value] ?? null); // none: gone
export const advice = computed(() => {
	const d = desk.value;
	return d?.document && waits.value ? adviceOf(d.document, d.candidates, candidate.value) : null;
});
export const waits = computed(() => {
	const d = desk.value?.document;
	return d?.state === 'queued';
});
// What was filed by itself and is wrong: a person files it elsewhere, over the same candidates and the same search.
export const correcting = signal<string | null>(null);
export const correctable = computed(() => desk.value?.document?.state === 'filed' && desk.value.document.tier !== 'person' && may('decisions'));
export const opened = computed(() => waits.value || (correctable.value && correcting.value === desk.value?.id));
// Offered stays as it is while the server thinks, so that nothing flickers; what is not decidable just does nothing.
export const offered = computed(() => opened.value && may('decisions'));
export const decidable = computed(() => offered.value && !busy.value);

let loading: AbortController | null = null;

function show(id: string, document: Document): void {
	batch(() => {
		const was = desk.peek();
		if (was?.id === id && was.document) showAnew(was, document);
		else {
			desk.value = { id, document, candidates: document.candidates, failure: null, missing: false };
			choose(0);
		}
	});
	afterPaint(() => desk.value?.id === id && may('decisions') && aheadAsk(queue.following()));
}

// The same document once more: what a person chose or found stays chosen, wherever it stands now. Where it is gone nothing is
// chosen: the next Enter was meant for it, and for no other.
function showAnew(was: Desk, document: Document): void {
	const meant = candidate.peek();
	const found = was.candidates.filter((c) => was.found?.includes(c.contract_id) && !document.candidates.some((d) => d.contract_id === c.contract_id));
	const candidates = [...found, ...document.candidates];
	const wanted = meant ? { id: meant.contract_id, number: meant.printed_number || meant.number || meant.contract_id } : was.gone;
	const at = candidates.findIndex((c) => c.contract_id === wanted?.id);
	const decides = document.state === 'queued' || correcting.peek() === document.document_id; // else there is nothing to choose
	const gone = at < 0 && decides ? wanted : undefined;
	if (was.candidates.some((c, i) => c.contract_id !== candidates[i]?.contract_id)) mixedAt = performance.now();
	desk.value = { ...was, document, candidates, failure: null, missing: false, gone };
	if (at >= 0 && codes(meant) === codes(candidates[at])) chosen.value = at;
	else if (at >= 0) choose(at); // what was read is not all that speaks against it now
	else if (!gone) choose(0);
	else {
		sure.value = null;
		chosen.value = -1;
	}
	if (!meant || at < 0) unsettle();
}
const codes = (c: Candidate | null | undefined): string => JSON.stringify(c?.confirm.map((o) => o.code));

async function load(id: string): Promise<void> {
	loading?.abort();
	const mine = (loading = new AbortController());
	try {
		const document = await api.document(id, mine.signal);
		if (!mine.signal.aborted) show(id, document);
	} catch (e) {
		if (mine.signal.aborted) return;
		const missing = e instanceof Refused && e.status === 404;
		if (!(e instanceof Refused && e.status === 401)) desk.value = { id, document: null, candidates: [], failure: missing ? t('doc.notfound') : refusal(e), missing };
	}
}

// What was loaded ahead is shown at once. It is asked for again all the same: then it counts as seen, and what changed
// meanwhile is shown, and said if it is more than a lock.
async function showAhead(id: string, early: Document): Promise<void> {
	show(id, early);
	await painted();
	if (desk.value?.id !== id) return; // gone before it was on the screen: nobody saw it
	try {
		const now = await api.document(id);
		const was = desk.value;
		if (was?.id !== id || was.document !== early) return;
		if (bare(now) === bare(early)) {
			if (JSON.stringify(now.lock) !== JSON.stringify(early.lock)) desk.value = { ...was, document: now };
			return;
		}
		changed.value = now.state === 'queued';
		show(id, now);
	} catch (e) {
		if (e instanceof Refused && e.status === 404 && desk.value?.id === id) desk.value = { id, document: null, candidates: [], failure: t('doc.notfound'), missing: true };
	}
}
// What grows older by itself is no change.
const ages = ['age_s', 'hold_until', 'lead', 'lock'];
const bare = (d: Document): string => JSON.stringify(d, (name, value: unknown) => (ages.includes(name) ? undefined : value));

export function reload(): void {
	const id = queue.openId.value;
	if (id) void load(id);
}

// Moving fast through the list must not open (and log as seen) what is only passed by. What follows a decision is not passed by.
const passingMs = 140;
let waiting = 0;
export function deskFollow(): () => void {
	return effect(() => {
		const id = queue.openId.value;
		clearTimeout(waiting);
		if (desk.peek()?.id === id) return;
		loading?.abort();
		changed.value = false;
		const passing = queue.steppedAt.now - queue.steppedAt.last < passingMs && performance.now() - queue.steppedAt.now < passingMs;
		const early = id && !passing ? aheadTake(id) : null;
		if (id && early) return void showAhead(id, early);
		desk.value = id ? { id, document: null, candidates: [], failure: null, missing: false } : null;
		if (!id) return;
		if (passing) waiting = window.setTimeout(() => void load(id), passingMs);
		else void load(id);
	});
}

// ---- decisions

// What the server wants confirmed before it does what was asked.
export const asking = signal<{ objections: Objection[]; again: () => Promise<boolean> } | null>(null);

type Act = (document: Document, confirm: string[]) => Promise<Decided>;
// also: the others were asked for, too; else they are only counted. waits: it goes out of sight here, and waits on for somebody else.
interface Way {
	also?: boolean;
	waits?: boolean;
}
async function decide(text: string, act: Act, confirm: string[] = [], way: Way = {}): Promise<boolean> {
	const { also = false } = way;
	const document = desk.value?.document;
	if (!document || !decidable.value) return false;
	const id = document.document_id;
	busy.value = true;
	try {
		const decided = await act(document, confirm);
		decidedSay(text, decided, also);
		if (decided.others) aheadForget(); // the next one may be among those that it solved
		const solved = also ? (decided.others ?? 0) : 0;
		queue.leave(await withSolved(id, solved), true, way.waits);
		if (solved) void queue.refresh();
		return true;
	} catch (e) {
		const objections = e instanceof Refused ? (e.problem.confirm ?? []) : [];
		if (e instanceof Offline) return await lost(id, document.version, text);
		const there = e instanceof Refused ? e.problem.contract_id : undefined;
		if (there) {
			// The number is a contract's already: that one is what is offered now.
			busy.value = false;
			toastRefusal(e);
			return await propose(there);
		}
		if (objections.length) asking.value = { objections, again: () => decide(text, act, [...confirm, ...objections.map((o) => o.code)], way) };
		else if (e instanceof Refused && e.status === 409 && e.problem.document && e.problem.document.version !== document.version) takeNew(id, e.problem.document);
		else toastRefusal(e);
		return false;
	} finally {
		busy.value = false;
	}
}

// A decision may solve those that follow, too: they are passed, and the next one that still waits is opened.
async function withSolved(id: string, others: number): Promise<Set<string>> {
	const gone = new Set([id]);
	try {
		while (gone.size <= others) {
			const next = queue.following(gone);
			const document = next ? await api.document(next, undefined, true) : null;
			if (!next || !document) break;
			if (document.state === 'queued') {
				aheadKeep(next, document);
				break;
			}
			gone.add(next);
		}
	} catch {
		// It is told when it is opened.
	}
	return gone;
}

// The answer is missing, so what is true is asked of the server: by its version, and by whose decision made it.
async function lost(id: string, version: number, text: string): Promise<boolean> {
	const saying = toast(t('lost.checking'), 'bad');
	try {
		const now = await truth(id, version);
		const mine = isOurs(now, version);
		dismiss(saying);
		if (mine) {
			queue.leave(new Set([id]));
			remember([{ id, version: now.version }], text, t('lost.arrived', { text }), now.undo?.until ? +new Date(now.undo.until) : null);
		} else if (now.version === version) toast(t('lost.not'), 'bad');
		else takeNew(id, now);
		return mine;
	} catch (e) {
		toastRefusal(e);
		return false;
	}
}

// The document as it is, as soon as there is an answer. Twice the same, as what was asked may still be on its way.
const lookAgainMs = 1500;
async function truth(id: string, version: number): Promise<Document> {
	for (let same = 0; ; ) {
		await new Promise((r) => setTimeout(r, lookAgainMs));
		try {
			const now = await api.document(id, undefined, true);
			if (now.version !== version || ++same > 1) return now;
		} catch (e) {
			if (!(e instanceof Offline)) throw e;
		}
	}
}

// The same of many whose answer is missing: those that we decided, and how many could not be looked up. One after the other, and
// again until nothing has changed for two rounds: the server may still be at work on them.
export async function lostMany(asked: readonly Left[]): Promise<{ ours: Left[]; unknown: number }> {
	const saying = toast(t('lost.checking'), 'bad');
	const ours: Left[] = [];
	let open = [...asked];
	let unknown = 0;
	for (let quiet = 0; open.length && quiet < 2; ) {
		await new Promise((r) => setTimeout(r, lookAgainMs));
		const round = await lookUp(open);
		ours.push(...round.ours);
		unknown += round.unknown;
		if (round.complete) quiet = round.still.length < open.length ? 0 : quiet + 1;
		open = round.still;
	}
	dismiss(saying);
	return { ours, unknown };
}

interface Round {
	ours: Left[];
	still: Left[]; // as they were
	unknown: number;
	complete: boolean; // each was answered
}
async function lookUp(asked: readonly Left[]): Promise<Round> {
	const round: Round = { ours: [], still: [], unknown: 0, complete: true };
	for (const [at, one] of asked.entries()) {
		try {
			const now = await api.document(one.id, undefined, true);
			if (now.version === one.version) round.still.push(one);
			else if (isOurs(now, one.version)) round.ours.push({ id: one.id, version: now.version });
		} catch (e) {
			if (e instanceof Offline || (e instanceof Refused && e.status === 401)) return { ...round, still: [...round.still, ...asked.slice(at)], complete: false };
			round.unknown++;
		}
	}
	return round;
}
const isOurs = (now: Document, version: number): boolean => now.version === version + 1 && now.decisions[now.decisions.length - 1]?.by === me.value?.user;

function takeNew(id: string, document: Document): void {
	if (desk.value?.id !== id) return;
	changed.value = true;
	void load(id);
	queue.patchItem(id, { version: document.version });
	toast(t('doc.changed'), 'bad');
}

function decidedSay(text: string, decided: Decided, also: boolean): void {
	const until = decided.undo_until ? +new Date(decided.undo_until) : null;
	const others = decided.others ?? 0;
	const whole = [text, others ? counted(also ? 'done.also' : 'done.waiting', others) : '', decided.pattern_proposed ? t('done.pattern') : ''].filter(Boolean).join(' · ');
	remember([{ id: decided.document.document_id, version: decided.document.version }], text, whole, until);
}

const slips = (): Slip[] => slipsHere(me.value?.user ?? '');
const keep = (): void => slipsKeep(me.value?.user ?? '');

// Say what was decided, and keep it for undo.
export function remember(left: Left[], text: string, whole: string, until: number | null, kind: 'good' | 'bad' = 'good'): void {
	const one: Slip = { left, until, text, toast: 0 };
	slips().push(one);
	keep();
	one.toast = toast(whole, kind, until === null || until > Date.now() ? { undo: { until, act: () => void take(one) } } : {});
}

// False for a moment after a candidate came by itself in place of another or of none: the Enter on its way was not meant for it.
export const settled = signal(true);
let settling = 0;
function unsettle(): void {
	clearTimeout(settling);
	settled.value = false;
	settling = window.setTimeout(() => (settled.value = true), thinkMs);
}

// By a digit: not while the list has just been put in another order, as the digit was read off the one before.
let mixedAt = -Infinity;
export function chooseByKey(n: number): void {
	if (performance.now() - mixedAt > thinkMs) choose(n);
}

export function choose(n: number): void {
	if (n && !desk.value?.candidates[n]) return;
	chosen.value = n;
	settled.value = true; // it was meant
	if (desk.value?.gone) desk.value = { ...desk.value, gone: undefined };
	sure.value = null;
	asPattern.value = false;
	alias.value = !candidate.value?.confirm.some((o) => o.code === 'other_insurer') && !otherNumber.value;
}

// Quite another number than the contract's is no spelling of it: remembered only if somebody says so.
export const otherNumber = computed(() => candidate.value?.effects.alias?.another ?? false);

// A contract that a person found: shown with why, why not and what it does, before it is accepted. Only while it is wanted: not
// after the search was closed.
export async function propose(contract_id: string, wanted: () => boolean = () => true): Promise<boolean> {
	const id = desk.value?.id;
	if (!id) return false;
	if (chooseFound(contract_id)) return true;
	try {
		const { items } = await api.candidate(id, contract_id);
		const found = items.find((c) => c.contract_id === contract_id);
		if (!found || desk.value?.id !== id || !wanted()) return false;
		batch(() => {
			const now = desk.value!;
			if (!now.candidates.some((c) => c.contract_id === contract_id)) desk.value = { ...now, candidates: [found, ...now.candidates] };
			chooseFound(contract_id);
		});
		return true;
	} catch (e) {
		toastRefusal(e);
		return false;
	}
}

function chooseFound(contract_id: string): boolean {
	const now = desk.value;
	const at = now?.candidates.findIndex((c) => c.contract_id === contract_id) ?? -1;
	if (!now || at < 0) return false;
	batch(() => {
		desk.value = { ...now, found: [...(now.found ?? []), contract_id] };
		choose(at);
	});
	return true;
}

export const aliasPossible = computed(() => candidate.value?.effects.alias?.possible ?? false);

// What is remembered also solves others that are written so: at most those that wait with the number, for each is matched by itself.
export const remembers = computed(() => aliasPossible.value && alias.value);
export const mostOthers = computed(() => (remembers.value ? (candidate.value?.effects.also_solves ?? 0) : 0));

// Of an insurer that is known only, and never without the number itself.
export const patternPossible = computed(() => remembers.value && !!desk.value?.document && desk.value.document.insurer.key !== 'unknown');

// Where much speaks against it, the first time shows what, and only another one files: not the same key held down, and no
// double click.
export const sure = signal<{ contract: string; at: number } | null>(null);
const thinkMs = 500;

export function accept(): void {
	const c = candidate.value;
	if (!c || !decidable.value || !settled.value) return;
	const asked = sure.value?.contract === c.contract_id ? sure.value : null;
	if (c.confirm.length && !asked) {
		sure.value = { contract: c.contract_id, at: performance.now() };
		return;
	}
	if (asked && performance.now() - asked.at < thinkMs) return;
	const also = remembers.value;
	const alias_scope = also ? (patternPossible.value && asPattern.value ? 'pattern' : 'number') : 'none';
	void decide(
		t('done.assign', { to: target(c) }),
		(d, confirm) => api.assign(d.document_id, { version: d.version, contract_id: c.contract_id, alias: also, alias_scope, also, confirm }),
		c.confirm.map((o) => o.code),
		{ also },
	);
}

// Where it went, as it is said afterwards: two contracts may have one number.
function target(c: Contract | Candidate): string {
	const holder = [c.holder?.first_name, c.holder?.name].filter(Boolean).join(' ');
	return [c.printed_number || c.number || c.contract_id, holder].filter(Boolean).join(' · ');
}

export function assignTo(contracts: Contract[], severalCustomers: boolean, note?: string): Promise<boolean> {
	const [first] = contracts;
	if (!first) return Promise.resolve(false);
	const text = t('done.assign', { to: contracts.map(target).join(', ') });
	return decide(text, (d, confirm) => {
		const order: Assign = { version: d.version, alias: false, note, confirm };
		if (contracts.length === 1) order.contract_id = first.contract_id;
		else order.contract_ids = contracts.map((c) => c.contract_id);
		if (severalCustomers) order.several_customers = true;
		return api.assign(d.document_id, order);
	});
}
export const ignore = (reason: string, note?: string): Promise<boolean> => decide(t('done.ignore'), (d) => api.ignore(d.document_id, { version: d.version, reason, note }));
export const postpone = (until: string, note?: string): Promise<boolean> =>
	decide(t('done.postpone', { at: dateTime(until) }), (d) => api.postpone(d.document_id, { version: d.version, until, note }));
export const handOver = (to: string, note?: string): Promise<boolean> => decide(t('done.handover', { name: to }), (d) => api.handOver(d.document_id, { version: d.version, to, note }), [], { waits: true });
export const contractMake = (contract: Record<string, unknown>, number: string): Promise<boolean> =>
	decide(t('done.contract', { number }), (d, confirm) => api.contractMake(d.document_id, { version: d.version, contract, confirm }));

// The newest decision of this sitting, whatever it was: an older one is never taken back in its place.
export async function undo(): Promise<void> {
	const last = slips().at(-1);
	if (!last) return void toast(t('undo.nothing'));
	if (last.until !== null && last.until < Date.now()) return void toast(t('undo.late'));
	await take(last);
}

// The last decision about the document that is open, whoever made it and whenever: the one that is shown.
export async function undoOpen(): Promise<void> {
	const document = desk.value?.document;
	if (!document?.undo?.possible) return;
	const { document_id: id, version } = document;
	const known = [...slips()].reverse().find((d) => d.left.length === 1 && d.left[0]?.id === id && d.left[0].version === version);
	await take(known ?? { left: [{ id, version }], until: null, text: said(document.business_class) || document.file.name || t('doc.title'), toast: 0 });
}

// What was just decided is told before the page has gone on.
const idle = (): Promise<void> =>
	new Promise((done) => {
		const stop = effect(() => void (!busy.value && queueMicrotask(() => (stop(), done()))));
	});

async function take(one: Slip): Promise<void> {
	await idle();
	if (busy.value) return;
	busy.value = true;
	let back: string | null = null; // the first that was taken back
	let elsewhere = 0; // decided by somebody else since, or taken back already
	try {
		for (let next = one.left[0]; next; next = one.left[0]) {
			if (await takeOne(next)) back ??= next.id;
			else elsewhere++;
			one.left.shift();
		}
	} catch (e) {
		toastRefusal(e);
	} finally {
		busy.value = false;
	}
	if (back) toast(`${t('done.undo')}: ${one.text}`, 'good');
	if (elsewhere) toast(counted('undo.elsewhere', elsewhere), 'bad');
	await taken(one, back);
}

// False: it is no longer as this decision left it, and stays as it is.
async function takeOne(left: Left): Promise<boolean> {
	try {
		await api.undo(left.id, left.version);
		return true;
	} catch (e) {
		if (e instanceof Refused && e.status === 409) return false;
		// Nobody else knows this version: if it is gone, it was we who took it back, or it is taken back already.
		if (e instanceof Offline && (await truth(left.id, left.version)).version !== left.version) return true;
		throw e;
	}
}

// What could not be tried stays the newest decision.
async function taken(one: Slip, back: string | null): Promise<void> {
	if (!one.left.length) {
		dismiss(one.toast);
		const at = slips().indexOf(one);
		if (at >= 0) slips().splice(at, 1);
	}
	keep();
	const open = queue.openId.value;
	if (!back) return void (open && reload());
	await queue.refresh();
	if (!queue.here()) return;
	if (open === back) return reload();
	desk.value = null;
	queue.open(back);
}

// ---- the soft lock: others see who is at work

const renewMs = 60_000;
export function lockFollow(): () => void {
	let wanted: string | null = null;
	let held: string | null = null;
	let timer = 0;
	let notYet = (): void => {};
	const letGo = (): void => {
		clearInterval(timer);
		if (held) void api.unlock(held).catch(() => {});
		held = null;
	};
	const take = (id: string): void =>
		void api.lock(id).then(
			(answer) => {
				if (answer?.lock && answer.lock.user !== me.value?.user) queue.patchItem(id, { lock: answer.lock });
			},
			() => {},
		);
	const settle = (): void => {
		letGo();
		held = wanted;
		if (!held) return;
		const id = held;
		take(id);
		timer = window.setInterval(() => take(id), renewMs);
	};
	const stop = effect(() => {
		const id = waits.value && may('decisions') ? (desk.value?.id ?? null) : null;
		if (id === wanted) return;
		wanted = id;
		// The others are told once it is on the screen: whoever decides does not wait for what they are told.
		notYet();
		notYet = afterPaint(settle);
	});
	return () => {
		stop();
		notYet();
		letGo();
	};
}
