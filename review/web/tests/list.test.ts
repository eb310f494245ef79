import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alike, differing, kept, merged, nextAfter, rangeBetween } from '../src/state/list';

const list = ['a', 'b', 'c', 'd'].map((document_id) => ({ document_id }));
const gone = (...ids: string[]): Set<string> => new Set(ids);

test('after a decision comes the next of the same list', () => assert.equal(nextAfter(list, 'b', gone('b')), 'c'));
test('what was solved along with it is passed over', () => assert.equal(nextAfter(list, 'b', gone('b', 'c')), 'd'));
test('after the last comes the one before', () => assert.equal(nextAfter(list, 'd', gone('d')), 'c'));
test('after the only one comes nothing', () => assert.equal(nextAfter(list, 'a', gone('a', 'b', 'c', 'd')), null));
test('of an empty list comes nothing', () => assert.equal(nextAfter([], 'a', gone('a')), null));
test('if the open one is not in the list, the first comes', () => assert.equal(nextAfter(list, 'x', gone('x')), 'a'));
test('a further page adds only what is new', () => assert.deepEqual(merged(list, [{ document_id: 'd' }, { document_id: 'e' }]).map((i) => i.document_id), ['a', 'b', 'c', 'd', 'e']));
test('what did not change stays the same object, so its row is not drawn again', () => {
	const before = [{ document_id: 'a', age_s: 10, version: 1 }, { document_id: 'b', age_s: 10, version: 1 }];
	const now = kept(before, [{ document_id: 'b', age_s: 12, version: 1 }, { document_id: 'a', age_s: 12, version: 2 }, { document_id: 'c', age_s: 1, version: 1 }]);
	assert.equal(now[0], before[1]);
	assert.deepEqual(now.map((i) => `${i.document_id}${i.version}`), ['b1', 'a2', 'c1']);
	assert.notEqual(kept(before, [{ document_id: 'a', age_s: 4000, version: 1 }])[0], before[0]);
});
test('a range goes either way', () => {
	assert.deepEqual(rangeBetween(list, 'b', 'd'), ['b', 'c', 'd']);
	assert.deepEqual(rangeBetween(list, 'd', 'b'), ['b', 'c', 'd']);
});
test('a range from what is gone is the one alone', () => assert.deepEqual(rangeBetween(list, 'x', 'c'), ['c']));
test('what differs is marked where the rest is the same, and not where nothing is or nothing was delivered', () => {
	assert.equal(alike([{ text: 'LH6', same: true }, { text: '712', same: false }, { text: '175', same: true }]), true);
	assert.equal(alike([{ text: 'K893006231', same: false }]), false);
	assert.equal(alike([{ text: 'S-2025-2303', same: false }, { text: '7', same: true }]), false);
	assert.equal(alike([]), false);
});

test('the ear hears what the other number has not; where something is only missing, nothing', () => {
	assert.deepEqual(differing([{ text: 'LH', same: true }, { text: '71', same: false }, { text: '5', same: true }, { text: '2', same: false }]), ['71', '2']);
	assert.deepEqual(differing([{ text: 'LH', same: true }, { text: '', same: false }]), []);
});
