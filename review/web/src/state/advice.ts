// state/advice.ts -- what is usually right, said by what agrees in the comparison: where to look first, never a decision. To accept is
// said only where nothing differs, nothing wants to be confirmed, and the document can be no other customer's; else rather nothing.
import type { Candidate, Comparison, Document, Verdict } from '../types';
import { t } from '../text';

export type Act = 'accept' | 'search' | 'contract' | 'ignore' | 'handover';
export interface Advice {
	act: Act | null; // null: to look closely
	because: 'nobody' | 'holder' | 'misnamed' | 'stranger' | 'letter' | 'misdelivered' | 'named' | 'slip' | 'another' | 'several' | 'ended';
	candidate?: Candidate; // the one that it speaks of
}

type What = Comparison['what'];
export const rowOf = (c: Candidate, what: What): Comparison | undefined => c.comparison.find((r) => r.what === what);
const delivered = (c: Candidate, what: What): Verdict => rowOf(c, what)?.verdict ?? 'open';
const written = (c: Candidate, what: What): Verdict => rowOf(c, what)?.letter_verdict ?? 'open';
const says = (c: Candidate, what: What, verdict: Verdict): boolean => delivered(c, what) === verdict || written(c, what) === verdict;

// The letter itself has this contract's number; the number leads to it, wherever it stands.
const inLetter = (c: Candidate): boolean => written(c, 'number') === 'same';
const numbered = (c: Candidate): boolean => delivered(c, 'number') === 'same' || (delivered(c, 'number') === 'open' && inLetter(c));
const holds = (c: Candidate): boolean => says(c, 'holder', 'same') && !says(c, 'holder', 'differs');
const objected = (c: Candidate): boolean => says(c, 'holder', 'differs') || c.confirm.some((o) => o.code === 'other_holder');
// Beside the name a detail that a namesake has not.
const samePerson = (c: Candidate): boolean => holds(c) && (delivered(c, 'birth_date') === 'same' || delivered(c, 'plate') === 'same');

const unobjected = (c: Candidate): boolean => !c.confirm.length && c.comparison.every((r) => r.what === 'number' || (r.verdict !== 'differs' && r.letter_verdict !== 'differs'));
const sameCustomer = (a: Candidate, b: Candidate): boolean => a === b || (!!a.customer_id && a.customer_id === b.customer_id);
// Nobody else is meant: of no other customer the same is true.
const alone = (list: readonly Candidate[], c: Candidate, which: (c: Candidate) => boolean): boolean => which(c) && list.every((o) => sameCustomer(o, c) || !which(o));

const accept = (because: Advice['because'], candidate: Candidate): Advice => ({ act: 'accept', because, candidate });

// The delivery has no number that is known: what the letter says.
function byLetter(list: readonly Candidate[], c: Candidate): Advice | null {
	return numbered(c) && inLetter(c) && alone(list, c, inLetter) && alone(list, c, (o) => o === c || holds(o)) ? accept('letter', c) : null;
}

function byOtherNumber(list: readonly Candidate[], c: Candidate): Advice | null {
	const number = delivered(c, 'number');
	if (number === 'differs' && inLetter(c) && written(c, 'holder') === 'same' && alone(list, c, inLetter) && alone(list, c, holds)) return accept('misdelivered', c);
	if (number === 'alike' && samePerson(c) && alone(list, c, holds) && written(c, 'number') !== 'differs') return accept('slip', c);
	const his = list.filter((o) => sameCustomer(o, c));
	return samePerson(c) && his.every((o) => says(o, 'number', 'differs') && !says(o, 'number', 'same') && !says(o, 'number', 'alike')) ? { act: 'contract', because: 'another', candidate: c } : null;
}

// Of the contracts that the number leads to the only one whose holder is named.
function byName(list: readonly Candidate[]): Advice | null {
	const [one, ...more] = list.filter((c) => numbered(c) && holds(c));
	return one && !more.length && unobjected(one) ? accept('named', one) : null;
}

function ofOne(reason: string | undefined, list: readonly Candidate[], c: Candidate): Advice | null {
	if (objected(c)) return numbered(c) ? { act: 'handover', because: written(c, 'holder') === 'same' ? 'misnamed' : 'holder', candidate: c } : { act: 'search', because: 'stranger', candidate: c };
	if (!unobjected(c)) return null;
	switch (reason) {
		case 'no_number':
		case 'claim_number_only':
			return byLetter(list, c);
		case 'number_unknown':
		case 'number_malformed':
			return byOtherNumber(list, c);
		case 'contract_ended':
			return c.ends_on && numbered(c) && holds(c) && alone(list, c, (o) => numbered(o) && holds(o)) ? accept('ended', c) : null;
		default:
			return null;
	}
}

export function adviceOf(d: Document, list: readonly Candidate[], at: Candidate | null): Advice | null {
	const reason = d.reason?.code;
	if (reason === 'not_a_customer_document') return { act: 'ignore', because: 'nobody' };
	if (reason === 'collective_document') return { act: null, because: 'several' };
	if (reason === 'several_contracts') return byName(list);
	return at ? ofOne(reason, list, at) : null;
}

// Said to a colleague who has to find out: what does not fit together.
export function noteOf(advice: Advice | null): string {
	const c = advice?.candidate;
	if (advice?.act !== 'handover' || !c) return '';
	const row = rowOf(c, 'holder');
	const words = { number: rowOf(c, 'number')?.contract ?? '', here: row?.contract || t('common.unknown') };
	if (row?.verdict === 'differs') return t('advice.holder.note.delivery', { ...words, there: row.delivery ?? '' });
	if (row?.letter_verdict === 'differs') return t('advice.holder.note', { ...words, there: row.letter ?? '' });
	return t('advice.holder.note.other', words);
}

// Why a document that is meant for nobody is put away, where it can be told.
export function reasonOf(d: Document | null | undefined): 'data' | 'settlement' | null {
	if (d?.file.data || d?.business_class?.code.startsWith('gdv_')) return 'data';
	return d?.business_class?.code === 'settlement' ? 'settlement' : null;
}
