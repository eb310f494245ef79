// state/live.ts -- what others do while one works: counts, decisions and locks, as they happen (server-sent events).
import { signal } from '@preact/signals';
import { api } from '../api';
import type { Lock } from '../types';
import { desk } from './desk';
import { reload } from './desk';
import * as queue from './queue';
import { expired, me, online } from './session';

export const live = signal(false);

interface Told {
	document_id?: string;
	by?: string;
	user?: string;
	name?: string;
	until?: string;
	lock?: Lock | null;
	queued?: number;
}

function read(event: MessageEvent<string>): Told {
	try {
		return JSON.parse(event.data) as Told;
	} catch {
		return {};
	}
}

export const decidedBy = signal<{ id: string; name: string | null } | null>(null);

function onDecided(told: Told): void {
	const id = told.document_id;
	if (!id) return;
	if ((told.user ?? told.by) === me.value?.user) return;
	if (desk.value?.id === id) {
		decidedBy.value = { id, name: told.name ?? told.by ?? told.user ?? null };
		reload();
	}
	if (queue.items.value.some((i) => i.document_id === id)) queue.leave(new Set([id]), false);
	else queue.countsSoon();
}

function onLocked(told: Told): void {
	const lock = told.lock ?? (told.user ? { user: told.user, name: told.name ?? told.user, until: told.until ?? '' } : null);
	if (told.document_id && lock?.user !== me.value?.user) queue.patchItem(told.document_id, { lock });
}

function onCounts(told: Told): void {
	const known = queue.counts.value?.queued;
	if (typeof told.queued === 'number' && known !== undefined && !queue.filterCount.value && told.queued > known) queue.fresh.value += told.queued - known;
	queue.countsSoon();
}

export function liveStart(): () => void {
	let source: EventSource | null = null;
	let again = 0;
	let pause = 1000;
	const connect = (): void => {
		source = api.queueStream();
		source.addEventListener('open', () => {
			live.value = true;
			pause = 1000;
		});
		source.addEventListener('counts', (e) => onCounts(read(e)));
		source.addEventListener('decided', (e) => onDecided(read(e)));
		source.addEventListener('locked', (e) => onLocked(read(e)));
		source.addEventListener('unlocked', (e) => {
			const told = read(e);
			if (told.document_id) queue.patchItem(told.document_id, { lock: null });
		});
		source.addEventListener('error', () => {
			live.value = false;
			source?.close();
			clearTimeout(again);
			// With growing pauses; the list is asked anew after each gap, as events may be missing.
			again = window.setTimeout(() => {
				if (!expired.value && online.value) void queue.refresh();
				connect();
			}, pause + Math.random() * 500);
			pause = Math.min(30_000, pause * 2);
		});
	};
	connect();
	return () => {
		clearTimeout(again);
		source?.close();
		live.value = false;
	};
}
