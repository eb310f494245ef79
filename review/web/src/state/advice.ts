// state/advice.ts -- what is usually right, said by what agrees in the comparison: where to look first, never a decision.
import type { Candidate, Comparison, Document } from '../types';
import { t } from '../text';

export type Act = 'accept' | 'search' | 'contract' | 'ignore' | 'handover';
export interface Advice {
	act: Act;
	because: 'data' | 'holder' | 'stranger' | 'letter' | 'named' | 'slip' | 'another' | 'several' | 'ended';
	candidate?: Candidate; // the one that it speaks of
}

export function rowOf(c: Candidate, what: Comparison['what']): Comparison | undefined {
	return c.comparison.find((r) => r.what === what);
}
const verdict = (c: Candidate, what: Comparison['what']): Comparison['verdict'] => rowOf(c, what)?.verdict ?? 'open';

// The letter itself has this contract's number.
const inLetter = (c: Candidate): boolean => verdict(c, 'number') === 'same' && !!rowOf(c, 'number')?.letter;
// Somebody is named, and it is the holder.
const holds = (c: Candidate): boolean => verdict(c, 'holder') === 'same';
const objected = (c: Candidate): boolean => verdict(c, 'holder') === 'differs' || c.confirm.some((o) => o.code === 'other_holder');

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
	const number = verdict(c, 'number');
	if (objected(c)) return number === 'same' ? { act: 'handover', because: 'holder', candidate: c } : { act: 'search', because: 'stranger', candidate: c };
	if (inLetter(c)) return { act: 'accept', because: 'letter', candidate: c };
	if (number === 'alike' && holds(c)) return { act: 'accept', because: 'slip', candidate: c };
	if (number === 'differs' && holds(c)) return { act: 'contract', because: 'another', candidate: c };
	return null;
}

export function adviceOf(d: Document, list: readonly Candidate[], at: Candidate | null): Advice | null {
	const reason = d.reason?.code;
	if (reason === 'not_a_customer_document') return { act: 'ignore', because: 'data' };
	if (!at) return null;
	if (reason === 'collective_document') return ofSeveral(list, inLetter, 'letter') ?? { act: 'search', because: 'several' };
	if (reason === 'several_contracts') return ofSeveral(list, holds, 'named');
	if (reason === 'contract_ended' && verdict(at, 'number') === 'same' && !objected(at)) return { act: 'accept', because: 'ended', candidate: at };
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
