// state/ahead.ts -- the document that comes next, loaded while one still looks at this one, so that a decision need not wait
// for it. The audit log says "loaded ahead"; when it is opened it is asked for once more, and then it counts as seen.
import { api } from '../api';
import type { Document } from '../types';

const freshMs = 60_000; // older than that it is not shown first
let kept: { id: string; at: number; document: Document } | null = null;
let asking: { id: string; stop: AbortController } | null = null;

// One at a time; what was kept or asked of another is dropped.
export function aheadAsk(id: string | null): void {
	if (asking?.id === id || (kept?.id === id && Date.now() - kept.at < freshMs)) return;
	aheadForget();
	if (!id) return;
	const mine = (asking = { id, stop: new AbortController() });
	api.document(id, mine.stop.signal, true).then(
		(document) => {
			if (asking !== mine) return;
			asking = null;
			kept = { id, at: Date.now(), document };
		},
		() => {
			if (asking === mine) asking = null; // it is asked for again when it is opened
		},
	);
}

export function aheadTake(id: string): Document | null {
	const found = kept?.id === id && Date.now() - kept.at < freshMs ? kept.document : null;
	if (kept?.id === id) kept = null;
	return found;
}

// It was asked for already, for another reason.
export function aheadKeep(id: string, document: Document): void {
	aheadForget();
	kept = { id, at: Date.now(), document };
}

// What was loaded may be wrong by now.
export function aheadForget(): void {
	asking?.stop.abort();
	asking = kept = null;
}
