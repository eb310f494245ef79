import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inPortions } from '../src/state/portions';

const numbers = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const calm = { stopped: () => false, progress: () => {} };

test('everything is sent once, in order, in portions', async () => {
	const seen: number[][] = [];
	const progress: string[] = [];
	const out = await inPortions(numbers(7), async (some) => void seen.push(some), { stopped: () => false, progress: (sent, of) => progress.push(`${sent}/${of}`) }, 3);
	assert.deepEqual(seen, [[0, 1, 2], [3, 4, 5], [6]]);
	assert.deepEqual(progress, ['0/7', '3/7', '6/7', '7/7']);
	assert.equal(out.sent, 7);
	assert.equal(out.failed, undefined);
});

test('no portion is larger than the server takes', async () => {
	let largest = 0;
	await inPortions(numbers(1001), async (some) => (largest = Math.max(largest, some.length)), calm);
	assert.ok(largest > 0 && largest <= 200);
});

test('stopped between two portions, the first stays', async () => {
	let calls = 0;
	const out = await inPortions(numbers(9), async (some) => (calls++, some), { stopped: () => calls === 2, progress: () => {} }, 3);
	assert.equal(out.sent, 6);
	assert.deepEqual(out.answers.flat(), numbers(6));
});

test('a portion that fails ends it and loses nothing', async () => {
	const trouble = new Error('away');
	const out = await inPortions(numbers(9), async (some) => { if (some[0] === 3) throw trouble; return some; }, calm, 3);
	assert.equal(out.failed, trouble);
	assert.equal(out.sent, 3);
	assert.deepEqual(out.answers, [[0, 1, 2]]);
	assert.deepEqual(out.unanswered, [3, 4, 5]);
});

test('nothing is nothing', async () => {
	assert.deepEqual(await inPortions([], async () => 1, calm), { answers: [], sent: 0, failed: undefined, unanswered: [] });
});
