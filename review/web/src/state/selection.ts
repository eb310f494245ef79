// state/selection.ts -- which documents are selected: of each list its own, and still there after sorting and a reload. Kept by
// id for this tab and this person alone.
import { effect, signal, type ReadonlySignal } from '@preact/signals';
import { rangeBetween, type Identified } from './list';

export const selected = signal<ReadonlySet<string>>(new Set());
let anchor: string | null = null;

export function toggle(id: string): void {
	const now = new Set(selected.value);
	if (!now.delete(id)) now.add(id);
	anchor = id;
	selected.value = now;
}
export function toggleRange(list: readonly Identified[], id: string): void {
	selected.value = new Set([...selected.value, ...rangeBetween(list, anchor ?? id, id)]);
}
export function select(list: readonly Identified[]): void {
	selected.value = new Set([...selected.value, ...list.map((i) => i.document_id)]);
}
export function selectNone(): void {
	anchor = null;
	selected.value = new Set();
}
export function unselect(ids: ReadonlySet<string>): void {
	if ([...ids].some((id) => selected.value.has(id))) selected.value = new Set([...selected.value].filter((id) => !ids.has(id)));
}

// ---- kept

// [list, ids], the list that was looked at last at the end.
export type Lists = [string, string[]][];
const mostLists = 20;

// Whatever stands there: only what this person selected is taken.
export function listsRead(text: string | null, user: string): Lists {
	try {
		const was = JSON.parse(text ?? 'null') as { user?: unknown; lists?: unknown } | null;
		if (was?.user !== user || !Array.isArray(was.lists)) return [];
		const ids = (of: unknown): of is string[] => Array.isArray(of) && of.every((id) => typeof id === 'string');
		return was.lists.filter((l): l is [string, string[]] => Array.isArray(l) && typeof l[0] === 'string' && ids(l[1]));
	} catch {
		return [];
	}
}
export function listsWith(lists: Lists, list: string, ids: readonly string[]): Lists {
	const others = lists.filter(([l]) => l !== list);
	return (ids.length ? [...others, [list, [...ids]] as [string, string[]]] : others).slice(-mostLists);
}

const place = 'vorpost-selected';
function stored(): string | null {
	try {
		return sessionStorage.getItem(place);
	} catch {
		return null; // nothing is kept; the page works without
	}
}
function store(text: string | null): void {
	try {
		if (text === null) sessionStorage.removeItem(place);
		else sessionStorage.setItem(place, text);
	} catch {
		// as above
	}
}
export const selectionForget = (): void => store(null);

// As long as the list is shown. Another list brings its own selection with it.
export function selectionFollow(user: string, list: ReadonlySignal<string>): () => void {
	let lists = listsRead(stored(), user);
	let shown: string | null = null;
	return effect(() => {
		const now = list.value;
		const ids = [...selected.value];
		if (now !== shown) {
			shown = now;
			anchor = null;
			selected.value = new Set(lists.find(([l]) => l === now)?.[1]);
			return;
		}
		lists = listsWith(lists, now, ids);
		store(lists.length ? JSON.stringify({ user, lists }) : null);
	});
}
