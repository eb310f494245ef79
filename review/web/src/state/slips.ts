// state/slips.ts -- what was decided in this sitting and can be taken back, also after a reload: kept for this tab and this person
// alone, as the selection is.

// A document as a decision left it: whoever takes it back means this decision, and none that a colleague made since.
export interface Left {
	id: string;
	version: number;
}
export interface Slip {
	left: Left[]; // several if they were decided at once
	until: number | null; // milliseconds since 1970; null: no deadline
	text: string;
	toast: number; // 0: its message is gone
}
const most = 50;

// The newest that is over stays, so that an older one is not taken back in its place; what lies below it can be reached no more.
export function slipsOf(all: readonly Slip[], now: number): Slip[] {
	const over = all.map((s) => s.until !== null && s.until < now).lastIndexOf(true);
	return all.slice(Math.max(over, all.length - most, 0));
}

// Whatever stands there: only what this person decided is taken.
export function slipsRead(text: string | null, user: string, now: number): Slip[] {
	try {
		const was = JSON.parse(text ?? 'null') as { user?: unknown; slips?: unknown } | null;
		if (was?.user !== user || !Array.isArray(was.slips)) return [];
		const isLeft = (l: Partial<Left> | null): boolean => typeof l?.id === 'string' && typeof l.version === 'number';
		const isSlip = (s: Partial<Slip> | null): boolean =>
			typeof s?.text === 'string' && (s.until === null || typeof s.until === 'number') && Array.isArray(s.left) && s.left.length > 0 && s.left.every(isLeft);
		return slipsOf((was.slips as Slip[]).filter(isSlip), now).map(({ left, until, text: words }) => ({ left, until, text: words, toast: 0 }));
	} catch {
		return [];
	}
}
export function slipsWrite(all: readonly Slip[], user: string, now: number): string | null {
	const slips = slipsOf(all, now).map(({ left, until, text }) => ({ left, until, text }));
	return slips.length ? JSON.stringify({ user, slips }) : null;
}

// ---- kept

const place = 'vorpost-slips';
let slips: Slip[] | null = null;

// The newest last. Read once: what is done since is put there.
export function slipsHere(user: string): Slip[] {
	if (slips) return slips;
	let text: string | null = null;
	try {
		text = sessionStorage.getItem(place);
	} catch {
		// nothing is kept; the page works without
	}
	return (slips = slipsRead(text, user, Date.now()));
}
export function slipsKeep(user: string): void {
	const text = slipsWrite(slips ?? [], user, Date.now());
	try {
		if (text === null) sessionStorage.removeItem(place);
		else sessionStorage.setItem(place, text);
	} catch {
		// as above
	}
}
export function slipsForget(): void {
	slips = [];
	slipsKeep('');
}
