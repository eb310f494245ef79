import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionOf, bindings } from '../src/keys/keys';

const stroke = (key: string, more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });

test('no key has two meanings', () => {
	const all = bindings.flatMap((b) => b.keys);
	assert.equal(new Set(all).size, all.length);
});
test('Enter accepts', () => assert.equal(actionOf(stroke('Enter'), 'free', true), 'accept'));
test('Enter on a button is the button\'s', () => assert.equal(actionOf(stroke('Enter'), 'control', true), null));
test('Enter on a chosen candidate accepts', () => assert.equal(actionOf(stroke('Enter'), 'choice', true), 'accept'));
test('arrows among the candidates choose', () => assert.equal(actionOf(stroke('ArrowDown'), 'choice', true), null));
test('what is typed is text', () => {
	for (const b of bindings) for (const key of b.keys) assert.equal(actionOf(stroke(key), 'text', true), null);
});
test('with Ctrl, Alt or Meta a key is the browser\'s', () => {
	for (const held of ['ctrlKey', 'altKey', 'metaKey']) assert.equal(actionOf(stroke('p', { [held]: true }), 'free', true), null);
});
test('while a character is composed no key is ours', () => assert.equal(actionOf(stroke('n', { isComposing: true }), 'free', true), null));
test('x and Shift+x differ', () => {
	assert.equal(actionOf(stroke('x'), 'free', true), 'select');
	assert.equal(actionOf(stroke('X'), 'free', true), 'range');
});
test('single keys can be switched off, all but Escape', () => {
	for (const b of bindings) for (const key of b.keys) assert.equal(actionOf(stroke(key), 'free', false), b.action === 'escape' ? 'escape' : null);
});
