// state/list.ts -- what can be said about lists of documents without a page.
export interface Identified {
	document_id: string;
}

// The first after `from` that stays when `gone` are taken out; the last before it if there is none; null if nothing stays.
export function nextAfter(list: readonly Identified[], from: string | null, gone: ReadonlySet<string>): string | null {
	const at = list.findIndex((i) => i.document_id === from);
	for (const item of list.slice(Math.max(0, at))) if (!gone.has(item.document_id)) return item.document_id;
	for (const item of list.slice(0, Math.max(0, at)).reverse()) if (!gone.has(item.document_id)) return item.document_id;
	return null;
}

// A further page behind the first: what is there already is not shown twice.
export function merged<T extends Identified>(list: readonly T[], more: readonly T[]): T[] {
	const known = new Set(list.map((i) => i.document_id));
	return [...list, ...more.filter((i) => !known.has(i.document_id))];
}

export function rangeBetween(list: readonly Identified[], a: string, b: string): string[] {
	const from = list.findIndex((i) => i.document_id === a);
	const to = list.findIndex((i) => i.document_id === b);
	if (from < 0 || to < 0) return [b];
	return list.slice(Math.min(from, to), Math.max(from, to) + 1).map((i) => i.document_id);
}

// The same list anew: what did not change stays the very same object, so that its row is not drawn again. Five minutes more
// of age are a change, seconds are none.
export function kept<T extends Identified & { age_s?: number }>(before: readonly T[], now: readonly T[]): T[] {
	const known = new Map(before.map((i) => [i.document_id, i]));
	const text = (i: T): string => JSON.stringify(i, (name, value: unknown) => (name === 'age_s' ? Math.round((value as number) / 300) : name === 'share' ? undefined : value));
	return now.map((i) => {
		const was = known.get(i.document_id);
		return was && text(was) === text(i) ? was : i;
	});
}

// Is so much of a number the same in the other one that what differs is worth marking? A third of it at least.
export function alike(pieces: readonly { text: string; same: boolean }[]): boolean {
	const size = (some: readonly { text: string }[]): number => some.reduce((n, p) => n + p.text.length, 0);
	const same = size(pieces.filter((p) => p.same));
	return same > 0 && same * 3 >= size(pieces);
}

// What of a number the other one has not, for the ear.
export const differing = (pieces: readonly { text: string; same: boolean }[]): string[] => pieces.filter((p) => !p.same && p.text).map((p) => p.text);
