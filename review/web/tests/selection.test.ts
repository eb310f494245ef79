import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listsRead, listsWith, type Lists } from '../src/state/selection';

const kept = (user: unknown, lists: unknown): string => JSON.stringify({ user, lists });

test('what one selected is found again, list by list', () => {
	assert.deepEqual(listsRead(kept('anna', [['{}', ['a', 'b']], ['{"reason":"no_number"}', ['c']]]), 'anna'), [['{}', ['a', 'b']], ['{"reason":"no_number"}', ['c']]]);
});
test('what another person selected at this desk is not taken over', () => assert.deepEqual(listsRead(kept('anna', [['{}', ['a']]]), 'berta'), []));
test('whatever else stands there is nothing', () => {
	for (const text of [null, '', 'nonsense', '[]', 'null', '7', kept('anna', { '{}': ['a'] }), kept('anna', [['{}', 'a']]), kept('anna', [['{}', [1]]]), kept('anna', [[1, ['a']], null, 'x'])]) assert.deepEqual(listsRead(text, 'anna'), [], String(text));
});
test('an empty selection is not kept, and of many lists the latest are', () => {
	assert.deepEqual(listsWith([['a', ['1']], ['b', ['2']]], 'a', []), [['b', ['2']]]);
	let lists: Lists = [];
	for (let i = 0; i < 50; i++) lists = listsWith(lists, `list ${i}`, ['x']);
	assert.equal(lists.length, 20);
	assert.equal(lists[19]?.[0], 'list 49');
});
