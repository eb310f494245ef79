import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adviceOf, noteOf, reasonOf } from '../src/state/advice';
import type { Candidate, Comparison, Document, Verdict } from '../src/types';

const row = (what: Comparison['what'], verdict: Verdict, letter_verdict: Verdict): Comparison => ({ what, delivery: 'there', letter: null, contract: 'here', verdict, letter_verdict });
let count = 0;
// Of the number and of the holder, each as delivered and as written; more: what else it says.
function candidate([number, inLetter = 'open']: Verdict[], [holder = 'open', named = 'open']: Verdict[] = [], more: Partial<Record<Comparison['what'], Verdict>> = {}, of: Partial<Candidate> = {}): Candidate {
	const rest = Object.entries(more).map(([what, verdict]) => row(what as Comparison['what'], verdict, 'open'));
	return { contract_id: String(++count), number: '1', ends_on: '2012-02-29', comparison: [row('number', number ?? 'open', inLetter), row('holder', holder, named), ...rest], confirm: [], ...of } as unknown as Candidate;
}
const wants = (...codes: string[]): Partial<Candidate> => ({ confirm: codes.map((code) => ({ code, says: '' })) });
const born = { birth_date: 'same' } as const;
const waits = (code: string): Document => ({ reason: { code, words: '' } }) as unknown as Document;
function usual(reason: string, ...list: Candidate[]): string {
	const advice = adviceOf(waits(reason), list, list[0] ?? null);
	return advice ? `${advice.act} ${advice.because} ${advice.candidate ? list.indexOf(advice.candidate) : '-'}` : 'nothing';
}

test('what is meant for nobody is put away, whatever it may be', () => {
	assert.equal(usual('not_a_customer_document'), 'ignore nobody -');
	assert.equal(usual('not_a_customer_document', candidate(['same'], ['same'])), 'ignore nobody -');
	assert.equal(reasonOf({ file: { data: true } } as Document), 'data');
	assert.equal(reasonOf({ file: {}, business_class: { code: 'settlement' } } as Document), 'settlement');
	assert.equal(reasonOf({ file: {}, business_class: { code: 'mandate' } } as Document), null);
});
test('another person is never accepted', () => {
	assert.equal(usual('other_holder', candidate(['same'], ['differs'])), 'handover holder 0');
	assert.equal(usual('other_holder', candidate(['same'], ['differs', 'same'])), 'handover misnamed 0', 'the letter names him, the delivery somebody else');
	assert.equal(usual('number_unknown', candidate(['alike'], ['differs'])), 'search stranger 0');
	assert.equal(usual('no_number', candidate(['open', 'same'], ['same', 'differs'])), 'handover holder 0');
	assert.equal(usual('no_number', candidate(['open', 'same'], [], {}, wants('other_holder'))), 'handover holder 0', 'father and son of one name');
	assert.equal(usual('contract_ended', candidate(['same'], ['differs'])), 'handover holder 0');
});
test('nothing is accepted while something wants to be confirmed, or differs', () => {
	for (const code of ['several_customers', 'other_insurer', 'strict_line', 'same_number', 'other_customer'])
		for (const reason of ['no_number', 'number_unknown', 'several_contracts', 'contract_ended'])
			for (const c of [candidate(['open', 'same'], ['same', 'same'], born, wants(code)), candidate(['alike'], ['same'], born, wants(code)), candidate(['same'], ['same'], born, wants(code))])
				assert.equal(usual(reason, c), 'nothing', `${code}, ${reason}`);
	for (const what of ['birth_date', 'postcode', 'plate', 'line', 'insurer'] as const) {
		assert.equal(usual('no_number', candidate(['open', 'same'], ['same'], { [what]: 'differs' })), 'nothing', what);
		assert.equal(usual('number_unknown', candidate(['alike'], ['same'], { ...born, [what]: 'differs' })), 'nothing', what);
	}
});
test('where the matcher forbade it, the letter does not allow it', () => {
	for (const reason of ['taken_back', 'other_plate', 'line_contradicts', 'contract_not_begun', 'needs_second_signal', 'issuer_unknown', 'shadow', 'unreadable', 'link_only'])
		assert.equal(usual(reason, candidate(['same', 'same'], ['same', 'same'], born)), 'nothing', reason);
});
test('the same person: a slip is a slip, another number is another contract', () => {
	assert.equal(usual('number_unknown', candidate(['alike'], ['same'], born)), 'accept slip 0');
	assert.equal(usual('number_unknown', candidate(['alike'], ['same'])), 'nothing', 'a namesake');
	assert.equal(usual('number_unknown', candidate(['alike'], ['same'], { postcode: 'same' })), 'nothing', 'a namesake next door');
	assert.equal(usual('number_unknown', candidate(['differs'], ['same'], born)), 'contract another 0');
	assert.equal(usual('number_unknown', candidate(['differs', 'alike'], ['same'], born)), 'nothing', 'the letter has nearly its number');
	const his = { customer_id: 'K' };
	assert.equal(usual('number_unknown', candidate(['differs'], ['same'], born, his), candidate(['alike'], ['same'], born, his)), 'nothing', 'another contract of his has nearly this number');
	assert.equal(usual('number_unknown', candidate(['alike'])), 'nothing');
});
test('the number in the letter', () => {
	assert.equal(usual('no_number', candidate(['open', 'same'])), 'accept letter 0');
	assert.equal(usual('no_number', candidate(['open'])), 'nothing');
	assert.equal(usual('no_number', candidate(['open', 'same'], ['open', 'same']), candidate(['open', 'same'])), 'nothing', "another customer's number stands there, too");
	assert.equal(usual('no_number', candidate(['open', 'same']), candidate(['open'], ['open', 'same'])), 'nothing', 'another customer is named there');
	assert.equal(usual('no_number', candidate(['open', 'same'], [], {}, { customer_id: 'K' }), candidate(['open', 'open'], ['open', 'same'], {}, { customer_id: 'K' })), 'accept letter 0');
	assert.equal(usual('number_unknown', candidate(['differs', 'same'], ['same', 'same'])), 'accept misdelivered 0');
	assert.equal(usual('number_unknown', candidate(['differs', 'same'], ['same'])), 'nothing', 'the letter names nobody');
	assert.equal(usual('number_unknown', candidate(['differs', 'same'])), 'nothing', 'one number against the other, and nobody named');
});
test('of several the one whose holder is named; of a collective document none', () => {
	const [mine, other, stranger] = [candidate(['same', 'same'], ['same']), candidate(['same']), candidate(['same'], ['differs'])];
	assert.equal(usual('collective_document', mine), 'null several -');
	assert.equal(usual('collective_document', stranger), 'null several -');
	assert.equal(usual('several_contracts', stranger, mine), 'accept named 1');
	assert.equal(usual('several_contracts', mine, candidate(['differs'], ['same'])), 'accept named 0', 'his other contract is none of them');
	assert.equal(usual('several_contracts', mine, candidate(['same'], ['same'])), 'nothing');
	assert.equal(usual('several_contracts', other, other), 'nothing');
});
test('a late letter to an ended contract', () => {
	assert.equal(usual('contract_ended', candidate(['same'], ['open', 'same'])), 'accept ended 0');
	assert.equal(usual('contract_ended', candidate(['same'])), 'nothing', 'nobody is named');
	assert.equal(usual('contract_ended', candidate(['same'], ['same'], {}, { ends_on: null })), 'nothing', 'this one lives');
});
test('without a candidate there is nothing to say', () => assert.equal(usual('number_unknown'), 'nothing'));
test('the note names who is meant where, and there is none but for another person', () => {
	const note = (c: Candidate): string => noteOf(adviceOf(waits('other_holder'), [c], c));
	assert.match(note(candidate(['same'], ['differs'])), /die Lieferung nennt there|the delivery names there/);
	assert.match(note(candidate(['same'], ['same', 'differs'])), /der Brief nennt|the letter names/);
	assert.doesNotMatch(note(candidate(['same'], ['same'], { birth_date: 'differs' }, wants('other_holder'))), /nennt|names/);
	assert.equal(noteOf({ act: 'accept', because: 'slip', candidate: candidate(['alike']) }), '');
	assert.equal(noteOf(null), '');
});
