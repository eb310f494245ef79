import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adviceOf, noteOf } from '../src/state/advice';
import type { Candidate, Comparison, Document, Verdict } from '../src/types';

const row = (what: Comparison['what'], verdict: Verdict, letter_verdict: Verdict): Comparison => ({ what, delivery: 'there', letter: null, contract: 'here', verdict, letter_verdict });
// Of the number and of the holder, each as delivered and as written.
function candidate([number, inLetter = 'open']: Verdict[], [holder = 'open', named = 'open']: Verdict[] = [], confirm: string[] = []): Candidate {
	return { contract_id: 'A', number: '1', comparison: [row('number', number ?? 'open', inLetter), row('holder', holder, named)], confirm: confirm.map((code) => ({ code, says: '' })) } as unknown as Candidate;
}
const waits = (code: string): Document => ({ reason: { code, words: '' } }) as unknown as Document;
function usual(reason: string, ...list: Candidate[]): string {
	const advice = adviceOf(waits(reason), list, list[0] ?? null);
	return advice ? `${advice.act} ${advice.because} ${advice.candidate ? list.indexOf(advice.candidate) : '-'}` : 'nothing';
}

test('a file for programs is put away, whatever it may be', () => {
	assert.equal(usual('not_a_customer_document'), 'ignore data -');
	assert.equal(usual('not_a_customer_document', candidate(['same'], ['same'])), 'ignore data -');
});
test('another holder is never accepted', () => {
	assert.equal(usual('other_holder', candidate(['same'], ['differs'])), 'handover holder 0');
	assert.equal(usual('other_holder', candidate(['same'], ['differs', 'same'])), 'handover holder 0', 'the letter names him, the delivery somebody else');
	assert.equal(usual('number_unknown', candidate(['alike'], ['differs'])), 'search stranger 0');
	assert.equal(usual('no_number', candidate(['open', 'same'], ['same', 'differs'])), 'handover holder 0');
	assert.equal(usual('no_number', candidate(['open', 'same'], [], ['other_holder'])), 'handover holder 0');
	assert.equal(usual('contract_ended', candidate(['same'], ['differs'])), 'handover holder 0');
});
test('the same holder: a slip is a slip, another number is another contract', () => {
	assert.equal(usual('number_unknown', candidate(['alike'], ['same'])), 'accept slip 0');
	assert.equal(usual('number_unknown', candidate(['differs'], ['same'])), 'contract another 0');
	assert.equal(usual('number_unknown', candidate(['differs', 'differs'], ['same', 'same'])), 'contract another 0');
	assert.equal(usual('number_unknown', candidate(['alike'])), 'nothing');
});
test('the number in the letter', () => {
	assert.equal(usual('no_number', candidate(['open', 'same'])), 'accept letter 0');
	assert.equal(usual('no_number', candidate(['open'])), 'nothing');
	assert.equal(usual('number_unknown', candidate(['differs', 'same'], ['same'])), 'accept misdelivered 0');
	assert.equal(usual('number_unknown', candidate(['differs', 'same'])), 'nothing', 'one number against the other, and nobody named');
});
test('of several the one that the letter, or the name, means', () => {
	const [mine, other, stranger] = [candidate(['same', 'same'], ['same']), candidate(['same']), candidate(['same'], ['differs'])];
	assert.equal(usual('collective_document', other, mine), 'accept letter 1');
	assert.equal(usual('collective_document', mine, mine), 'search several -', 'it names both');
	assert.equal(usual('collective_document', other, stranger), 'search several -');
	assert.equal(usual('several_contracts', stranger, mine), 'accept named 1');
	assert.equal(usual('several_contracts', mine, candidate(['differs'], ['same'])), 'accept named 0', 'his other contract is none of them');
	assert.equal(usual('several_contracts', other, other), 'nothing');
});
test('a late letter to an ended contract', () => assert.equal(usual('contract_ended', candidate(['same'])), 'accept ended 0'));
test('without a candidate there is nothing to say', () => assert.equal(usual('number_unknown'), 'nothing'));
test('the note names both, and there is none but for another holder', () => {
	const c = candidate(['same'], ['differs']);
	const note = noteOf(adviceOf(waits('other_holder'), [c], c));
	assert.match(note, /here/);
	assert.match(note, /there/);
	assert.equal(noteOf({ act: 'accept', because: 'slip', candidate: c }), '');
	assert.equal(noteOf(null), '');
});
