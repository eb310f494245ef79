import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slipsOf, slipsRead, slipsWrite, type Slip } from '../src/state/slips';

const slip = (id: string, until: number | null = null): Slip => ({ left: [{ id, version: 2 }], until, text: `done ${id}`, toast: 0 });
const ids = (all: Slip[]): string[] => all.map((s) => s.left[0]?.id ?? '');

test('what was decided is found again, without its message', () => {
	const kept = slipsWrite([slip('a'), { ...slip('b', 900), toast: 7 }], 'anna', 500);
	assert.deepEqual(slipsRead(kept, 'anna', 500), [slip('a'), slip('b', 900)]);
});
test('what another person decided at this desk is not taken over', () => assert.deepEqual(slipsRead(slipsWrite([slip('a')], 'anna', 0), 'berta', 0), []));
test('of what is over the newest alone stays, and nothing older: that would be taken back in its place', () => {
	const all = [slip('old'), slip('over', 100), slip('over too', 200), slip('new', 900)];
	assert.deepEqual(ids(slipsOf(all, 500)), ['over too', 'new']);
	assert.deepEqual(ids(slipsOf(all, 950)), ['new']);
	assert.deepEqual(ids(slipsOf(all, 50)), ['old', 'over', 'over too', 'new']);
});
test('of many the latest are kept, and nothing is nothing', () => {
	const many = Array.from({ length: 80 }, (_, i) => slip(`${i}`));
	assert.deepEqual([ids(slipsOf(many, 0)).length, ids(slipsOf(many, 0)).at(-1)], [50, '79']);
	assert.equal(slipsWrite([], 'anna', 0), null);
});
test('whatever else stands there is nothing', () => {
	const of = (slips: unknown): string => JSON.stringify({ user: 'anna', slips });
	const bad = [7, null, {}, { ...slip('a'), left: [] }, { ...slip('a'), left: [{ id: 1, version: 2 }] }, { ...slip('a'), until: 'never' }, { left: slip('a').left, until: null }];
	for (const text of [null, '', 'nonsense', '[]', 'null', of({}), of('x'), of(bad)]) assert.deepEqual(slipsRead(text, 'anna', 0), [], String(text));
});
