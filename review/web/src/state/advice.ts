// state/advice.ts -- what is usually right, said by what agrees in the comparison: where to look first, never a decision.
import type { Candidate, Comparison, Document, Verdict } from '../types';
import { t } from '../text';

export type Act = 'accept' | 'search' | 'contract' | 'ignore' | 'handover';
export interface Advice {
	act: Act;
	because: 'nobody' | 'holder' | 'stranger' | 'letter' | 'misdelivered' | 'named' | 'slip' | 'another' | 'several' | 'ended';
	candidate?: Candidate; // the one that it speaks of
}

export function rowOf(c: Candidate, what: Comparison['what']): Comparison | undefined {
	return c.comparison.find((r) => r.what === what);
}
const delivered = (c: Candidate, what: Comparison['what']): Verdict => rowOf(c, what)?.verdict ?? 'open';
const written = (c: Candidate, what: Comparison['what']): Verdict => rowOf(c, what)?.letter_verdict ?? 'open';

// The letter itself has this contract's number; the number leads to it, wherever it stands.
const inLetter = (c: Candidate): boolean => written(c, 'number') === 'same';
const numbered = (c: Candidate): boolean => delivered(c, 'number') === 'same' || (delivered(c, 'number') === 'open' && inLetter(c));
// Somebody is named, and it is the holder.
const objected = (c: Candidate): boolean => delivered(c, 'holder') === 'differs' || written(c, 'holder') === 'differs' || c.confirm.some((o) => o.code === 'other_holder');
const holds = (c: Candidate): boolean => !objected(c) && (delivered(c, 'holder') === 'same' || written(c, 'holder') === 'same');

function only(list: readonly Candidate[], which: (c: Candidate) => boolean): Candidate | undefined {
	const found = list.filter(which);
	return found.length === 1 ? found[0] : undefined;
}

function ofSeveral(list: readonly Candidate[], which: (c: Candidate) => boolean, because: 'letter' | 'named'): Advice | null {
	const one = only(list, which);
	return one ? { act: 'accept', because, candidate: one } : null;
}

// Of the contract that is looked at.
function ofOne(c: Candidate): Advice | null {
	const number = delivered(c, 'number');
	if (objected(c)) return numbered(c) ? { act: 'handover', because: 'holder', candidate: c } : { act: 'search', because: 'stranger', candidate: c };
	if (inLetter(c)) return number === 'differs' && !holds(c) ? null : { act: 'accept', because: number === 'differs' ? 'misdelivered' : 'letter', candidate: c };
	if (number === 'alike' && holds(c)) return { act: 'accept', because: 'slip', candidate: c };
	if (number === 'differs' && holds(c)) return { act: 'contract', because: 'another', candidate: c };
	return null;
}

export function adviceOf(d: Document, list: readonly Candidate[], at: Candidate | null): Advice | null {
	const reason = d.reason?.code;
	if (reason === 'not_a_customer_document') return { act: 'ignore', because: 'nobody' };
	if (!at) return null;
	if (reason === 'collective_document') return ofSeveral(list, inLetter, 'letter') ?? { act: 'search', because: 'several' };
	if (reason === 'several_contracts') return ofSeveral(list, (c) => numbered(c) && holds(c), 'named');
	if (reason === 'contract_ended' && numbered(at) && !objected(at)) return { act: 'accept', because: 'ended', candidate: at };
	return ofOne(at);
}

// Said to a colleague who has to find out: what does not fit together.
export function noteOf(advice: Advice | null): string {
	const c = advice?.candidate;
	if (advice?.because !== 'holder' || !c) return '';
	const row = rowOf(c, 'holder');
	const name = (of: string | null | undefined): string => of || t('common.unknown');
	return t('advice.holder.note', { number: rowOf(c, 'number')?.contract ?? '', there: name(row?.delivery || row?.letter), here: name(row?.contract) });
}
