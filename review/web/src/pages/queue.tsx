// pages/queue.tsx -- the queue: the list on the left, the open document on the right; on a phone one after the other.
import { useEffect } from 'preact/hooks';
import { actionOf, whereOf, type Action } from '../keys/keys';
import { accept, alias, aliasPossible, asking, asPattern, chooseByKey, correctable, correcting, decidable, desk, deskFollow, lockFollow, patternPossible, reload, sure, undo, waits } from '../state/desk';
import * as queue from '../state/queue';
import { route, routeNow } from '../state/route';
import { selected, selectionFollow, selectNone, toggle } from '../state/selection';
import { may, me, onReturn } from '../state/session';
import { singleKeys } from '../state/settings';
import { say } from '../state/toast';
import { t } from '../text';
import { QueueDetail } from './queue_detail';
import { Dialogs, dialog } from './queue_dialogs';
import { QueueList, itemWords } from './queue_list';
import { viewer } from './queue_viewer';

const wide = (): boolean => matchMedia('(min-width: 60rem)').matches;

// A digit of the keyboard, for the action "take".
function act(action: Action, key: string): boolean {
	const id = queue.openId.value;
	switch (action) {
		case 'next': queue.step(1); return true;
		case 'previous': queue.step(-1); return true;
		case 'take': chooseByKey(Number(key) - 1); return true;
		case 'accept': accept(); return true;
		case 'search':
			if (correctable.value) correcting.value = id;
			if (decidable.value) dialog.value = 'search';
			return true;
		case 'alias': if (aliasPossible.value) alias.value = !alias.value; return true;
		case 'pattern': if (patternPossible.value) asPattern.value = !asPattern.value; return true;
		case 'new': if (decidable.value && waits.value) dialog.value = 'contract'; return true;
		case 'ignore': if (decidable.value && waits.value) dialog.value = 'ignore'; return true;
		case 'postpone': if (decidable.value && waits.value) dialog.value = 'postpone'; return true;
		case 'handover': if (decidable.value && waits.value) dialog.value = 'handover'; return true;
		case 'undo': if (may('decisions')) void undo(); return true;
		case 'select': if (id && may('decisions')) toggle(id); return true;
		case 'range': if (id && may('decisions')) queue.toggleRange(id); return true;
		case 'page': return viewer.value?.pageDown() ?? false;
		case 'zoom': viewer.value?.zoom(); return true;
		case 'help': dialog.value = 'keys'; return true;
		case 'escape':
			if (sure.value) sure.value = null;
			else if (selected.value.size) selectNone();
			else if (!wide() && id) queue.open(null);
			return true;
	}
}

function useKeys(): void {
	useEffect(() => {
		const press = (e: KeyboardEvent): void => {
			// A dialog takes all keys from the moment that it was asked for, even before it is drawn.
			if (e.defaultPrevented || dialog.value || asking.value) return;
			const action = actionOf(e, whereOf(e.target), singleKeys.value);
			if (!action) return;
			// A key held down walks the list, but decides nothing.
			if (e.repeat && action !== 'next' && action !== 'previous' && action !== 'page') return e.preventDefault();
			if (act(action, e.key)) e.preventDefault();
		};
		addEventListener('keydown', press);
		return () => removeEventListener('keydown', press);
	}, []);
}

// The first document opens by itself where there is room for it.
function useFirst(): void {
	const items = queue.items.value;
	const open = queue.openId.value;
	useEffect(() => {
		const first = items[0];
		const shown = route.value;
		if (routeNow() !== shown) return; // on the way to another list or page, and not to be called back
		if (!open && first && wide() && queue.phase.value === 'idle' && !queue.ended.value) queue.open(first.document_id);
	}, [items, open]);
}

function useSaid(): void {
	const d = desk.value?.document;
	useEffect(() => {
		if (d && queue.openIndex.value >= 0) say(t('queue.said', { at: queue.openIndex.value + 1, of: queue.total.value, what: itemWords(d) }));
	}, [d?.document_id]);
}

export function QueuePage() {
	const filter = queue.filterText.value;
	useKeys();
	useFirst();
	useSaid();
	useEffect(() => {
		void queue.load();
	}, [filter]);
	useEffect(() => {
		const stops = [
			deskFollow(),
			onReturn(() => {
				void (queue.failure.value ? queue.load() : queue.refresh());
				if (!desk.value?.document) reload();
			}),
			may('decisions') ? lockFollow() : () => {},
			selectionFollow(me.value?.user ?? '', queue.listName),
		];
		const shown = (): void => {
			if (document.visibilityState === 'visible') queue.countsSoon();
		};
		document.addEventListener('visibilitychange', shown);
		return () => {
			stops.forEach((stop) => stop());
			document.removeEventListener('visibilitychange', shown);
		};
	}, []);
	return (
		<div class={queue.openId.value ? 'desk desk-open' : 'desk'}>
			<h1 class="only-heard">{t('queue.title')}</h1>
			<QueueList />
			<QueueDetail />
			<Dialogs />
		</div>
	);
}
