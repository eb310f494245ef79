// state/toast.ts -- short messages at the foot of the page; the newest first, at most three.
import { signal } from '@preact/signals';

export interface Toast {
	id: number;
	text: string;
	kind: 'good' | 'bad' | 'plain';
	undo?: { until: number | null; act: () => void }; // until: milliseconds since 1970; null: no deadline
	link?: { text: string; act: () => void };
}

export const toasts = signal<Toast[]>([]);
const stays = 6000;
const staysUndo = 30_000; // where there is no deadline
const longest = 15 * 60_000;
const most = 3;
let last = 0;
export const newestId = (): number => last;

export function toast(text: string, kind: Toast['kind'] = 'plain', more: Pick<Toast, 'undo' | 'link'> = {}): number {
	const id = ++last;
	// Of decisions only the newest can be taken back from here; older ones would only pile up.
	const others = more.undo ? toasts.value.filter((t) => !t.undo) : toasts.value;
	toasts.value = [{ id, text, kind, ...more }, ...others].slice(0, most);
	setTimeout(() => dismiss(id), more.undo ? undoStays(more.undo.until) : kind === 'bad' ? stays * 2 : stays);
	return id;
}

// As long as its countdown says, up to a quarter of an hour: after that the document itself has the button.
function undoStays(until: number | null): number {
	return until === null ? staysUndo : Math.min(longest, Math.max(0, until - Date.now()));
}
// Is the deadline near enough to be counted down before the message goes?
export const counts = (until: number): boolean => until - Date.now() <= longest;

export function dismiss(id: number): void {
	if (toasts.value.some((t) => t.id === id)) toasts.value = toasts.value.filter((t) => t.id !== id);
}

// For screen readers alone: what changed without a message on the page.
export const spoken = signal('');
export function say(text: string): void {
	spoken.value = text;
}
