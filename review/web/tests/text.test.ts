import assert from 'node:assert/strict';
import { test } from 'node:test';
import { harmless, path } from '../src/api';
import { routeRead, routeWrite } from '../src/state/route';
import { age, bytes, clock, counted, language, said, span, t } from '../src/text';
import { de } from '../src/text/de';
import { en } from '../src/text/en';

test('both languages have the same gaps in the same sentences', () => {
	const gaps = (s: string): string[] => [...s.matchAll(/\{(\w+)\}/g)].map((m) => m[1] ?? '').sort();
	for (const key of Object.keys(de) as (keyof typeof de)[]) assert.deepEqual(gaps(en[key]), gaps(de[key]), key);
});
test('no sentence is empty', () => {
	for (const [key, words] of [...Object.entries(de), ...Object.entries(en)]) assert.ok(words.trim(), key);
});
test('what counts has one and many', () => {
	for (const key of Object.keys(de)) if (key.endsWith('.other') && de[key as keyof typeof de].includes('{n}')) assert.ok(key.replace(/other$/, 'one') in de, key);
});
test('one is one, and none are many', () => {
	language.value = 'de';
	assert.equal(counted('bulk.selected', 1), '1 ausgewählt');
	assert.equal(counted('bulk.go.ignore', 0), '0 Dokumente jetzt ablegen');
	assert.equal(counted('bulk.go.ignore', 1), '1 Dokument jetzt ablegen');
});
test('a value is put in as it is, braces and dollars too', () => assert.equal(t('queue.handed', { name: '{n} $& $1' }), 'bei {n} $& $1'));
test('words come in the language, or in the other if one is missing', () => {
	language.value = 'de';
	assert.equal(said({ words: 'in words', words_de: 'in Worten' }), 'in Worten');
	assert.equal(said({ words: 'in words', words_de: null }), 'in words');
	language.value = 'en';
	assert.equal(said({ words: 'in words', words_de: 'in Worten' }), 'in words');
	assert.equal(said(null), '');
	language.value = 'de';
});
test('ages', () => {
	assert.equal(age(0), 'gerade eben');
	assert.equal(age(60), 'vor 1 Minute');
	assert.equal(age(3600), 'vor 1 Stunde');
	assert.equal(age(47 * 3600), 'vor 47 Stunden');
	assert.equal(age(48 * 3600), 'vor 2 Tagen');
});
test('spans are never negative and never nothing', () => {
	assert.equal(span(-5), '1 min');
	assert.equal(span(5400), '2 h');
	assert.equal(span(86400 * 3), '3 T');
});
test('a countdown ends at nought', () => {
	assert.equal(clock(-3), '0:00');
	assert.equal(clock(65), '1:05');
	assert.equal(clock(3600), '1:00:00');
});
test('sizes', () => assert.equal(bytes(48213), '48 kB'));
test('an address is read as it was written, whatever stands in it', () => {
	for (const id of ['a/b?c#d', '%', '../..', 'ä ö', "'\"<>"]) {
		const at = routeRead(routeWrite('queue', id, { q: id, reason: undefined }));
		assert.deepEqual(at, { page: 'queue', id, query: { q: id } });
	}
});
test('an address that is broken is no crash', () => assert.equal(routeRead('#/queue/%E0%A4%A').id, '%E0%A4%A'));
test('an empty address is the queue', () => assert.deepEqual(routeRead(''), { page: 'queue', id: null, query: {} }));
test('a query leaves out what is not there', () => assert.equal(path('/queue', { q: 'a b&c', cursor: null, limit: 5 }), '/api/v1/queue?q=a+b%26c&limit=5'));
test('what turns the reading direction is shown, what is sent back is not changed', () => {
	assert.equal(harmless('name', 'a\u202eb\u0000c'), 'a\ufffdb\ufffdc');
	assert.equal(harmless('name', 'Zeile 1\nZeile\t2'), 'Zeile 1\nZeile\t2');
	assert.equal(harmless('contract_id', 'a\u202eb'), 'a\u202eb');
	assert.equal(harmless('age_s', 5), 5);
});
