// keys/keys.ts -- which key does what in the queue. One table: the help is made of the same rows.
import type { Key } from '../text';

export type Action =
	| 'next' | 'previous' | 'take' | 'accept' | 'search' | 'alias' | 'pattern' | 'new' | 'ignore' | 'postpone' | 'handover'
	| 'undo' | 'select' | 'range' | 'page' | 'zoom' | 'help' | 'escape';

export interface Binding {
	keys: readonly string[]; // as KeyboardEvent.key has them; a digit stands for all
	shown: readonly string[];
	action: Action;
	group: 'list' | 'decide' | 'document';
	words: Key;
}

export const bindings: readonly Binding[] = [
	{ keys: ['j', 'ArrowDown'], shown: ['j', '↓'], action: 'next', group: 'list', words: 'keys.move' },
	{ keys: ['k', 'ArrowUp'], shown: ['k', '↑'], action: 'previous', group: 'list', words: 'keys.move' },
	{ keys: ['x'], shown: ['x'], action: 'select', group: 'list', words: 'keys.select' },
	{ keys: ['X'], shown: ['⇧ x'], action: 'range', group: 'list', words: 'keys.range' },
	{ keys: ['Enter'], shown: ['Enter'], action: 'accept', group: 'decide', words: 'keys.accept' },
	{ keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'], shown: ['1', '–', '9'], action: 'take', group: 'decide', words: 'keys.take' },
	{ keys: ['/'], shown: ['/'], action: 'search', group: 'decide', words: 'keys.search' },
	{ keys: ['a'], shown: ['a'], action: 'alias', group: 'decide', words: 'keys.alias' },
	{ keys: ['A'], shown: ['⇧ a'], action: 'pattern', group: 'decide', words: 'keys.pattern' },
	{ keys: ['n'], shown: ['n'], action: 'new', group: 'decide', words: 'keys.new' },
	{ keys: ['i'], shown: ['i'], action: 'ignore', group: 'decide', words: 'keys.ignore' },
	{ keys: ['p'], shown: ['p'], action: 'postpone', group: 'decide', words: 'keys.postpone' },
	{ keys: ['g'], shown: ['g'], action: 'handover', group: 'decide', words: 'keys.handover' },
	{ keys: ['u'], shown: ['u'], action: 'undo', group: 'decide', words: 'keys.undo' },
	{ keys: [' '], shown: ['␣'], action: 'page', group: 'document', words: 'keys.page' },
	{ keys: ['z'], shown: ['z'], action: 'zoom', group: 'document', words: 'keys.zoom' },
	{ keys: ['?'], shown: ['?'], action: 'help', group: 'document', words: 'keys.help' },
	{ keys: ['Escape'], shown: ['Esc'], action: 'escape', group: 'document', words: 'keys.escape' },
];

export interface Stroke {
	key: string;
	ctrlKey: boolean;
	metaKey: boolean;
	altKey: boolean;
	isComposing?: boolean;
}
// Where the focus is: "text" takes every key for itself, "control" (button, link, box) takes Enter and Space, "choice" the
// arrows; in "free" all keys are ours.
export type Where = 'text' | 'control' | 'choice' | 'free';

export function actionOf(stroke: Stroke, where: Where, singleKeys: boolean): Action | null {
	if (stroke.ctrlKey || stroke.metaKey || stroke.altKey || stroke.isComposing || where === 'text') return null;
	const found = bindings.find((b) => b.keys.includes(stroke.key));
	if (!found) return null;
	if (where === 'control' && (stroke.key === 'Enter' || stroke.key === ' ')) return null;
	if (where === 'choice' && (stroke.key.startsWith('Arrow') || stroke.key === ' ')) return null;
	if (!singleKeys && found.action !== 'escape') return null;
	return found.action;
}

export function whereOf(target: EventTarget | null): Where {
	if (!(target instanceof Element)) return 'free';
	if (target.closest('dialog[open]')) return 'text';
	const input = target.closest('input, textarea, select, [contenteditable="true"]');
	if (input instanceof HTMLInputElement && input.type === 'radio') return 'choice';
	if (input instanceof HTMLInputElement && input.type === 'checkbox') return 'control';
	if (input) return 'text';
	return target.closest('a, button, summary') ? 'control' : 'free';
}
