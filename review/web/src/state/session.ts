// state/session.ts -- who is logged in; a session that ends while one works, and the line that is lost.
import { signal } from '@preact/signals';
import { api, csrfSet, heard, Offline, Refused } from '../api';
import type { Me, Vocabulary } from '../types';
import { language, t } from '../text';
import { selectionForget } from './selection';
import { languageKept } from './settings';
import { slipsForget } from './slips';
import { toast } from './toast';

// undefined: not known yet; null: nobody.
export const me = signal<Me | null | undefined>(undefined);
export const expired = signal(false); // somebody was logged in, and must log in again over what is shown
export const online = signal(true);
export const vocabulary = signal<Vocabulary | null>(null);
const returns: (() => void)[] = [];

export const may = (scope: string): boolean => me.value?.scopes.includes(scope) ?? false;

// Called when the line or the session is back: whoever shows something loads it anew.
export function onReturn(act: () => void): () => void {
	returns.push(act);
	return () => void returns.splice(returns.indexOf(act), 1);
}
function returned(): void {
	for (const act of [...returns]) act();
}

let probing = 0;
function probe(): void {
	clearTimeout(probing);
	probing = window.setTimeout(async () => {
		try {
			await api.options();
		} catch (e) {
			if (e instanceof Offline) probe();
		}
	}, 2000);
}

function welcome(who: Me): void {
	csrfSet(who.csrf);
	if (who.language && !languageKept()) language.value = who.language;
	queueMay(who);
	me.value = who;
	expired.value = false;
	if (!vocabulary.value) api.vocabulary().then((v) => (vocabulary.value = v), () => {});
}

// Most who come back here may see the queue: it is asked for together with who one is. Of a device on which the last one could not,
// it is not: that would only be refused.
const noQueue = 'vorpost-no-queue';
function queueMay(who: Me): void {
	try {
		if (who.scopes.includes('documents')) localStorage.removeItem(noQueue);
		else localStorage.setItem(noQueue, 'yes');
	} catch {
		// A private window keeps nothing; the page works without.
	}
}
function queueMayHave(): boolean {
	try {
		return localStorage.getItem(noQueue) === null;
	} catch {
		return false;
	}
}

export async function sessionStart(early: () => void = () => {}): Promise<void> {
	heard.expired = () => {
		if (me.value) expired.value = true;
		else me.value = null;
	};
	heard.line = (up) => {
		if (up === online.value) return;
		online.value = up;
		if (!up) return probe();
		toast(t('line.back'), 'good');
		if (me.value === undefined) void sessionStart();
		else returned();
	};
	heard.stale = async () => {
		const who = await api.me();
		if (!me.value || who.user !== me.value.user) return false; // nothing is done in another one's name
		csrfSet(who.csrf);
		return true;
	};
	addEventListener('offline', () => heard.line(false));
	addEventListener('online', probe);
	try {
		// Who never logged in is not asked for: the browser would show the refusal as trouble.
		if (!(await api.options()).session) return void (me.value = null);
		if (queueMayHave()) early();
		welcome(await api.me());
	} catch (e) {
		if (e instanceof Refused) me.value = null;
	}
}

export async function login(user: string, password: string): Promise<void> {
	const before = me.value;
	const who = await api.login(user, password);
	welcome(who);
	// Somebody else at this desk must not see what the first one had open.
	if (before && before.user !== who.user) location.reload();
	else if (before) returned();
}

// A new password comes with a new session.
export async function passwordChange(current: string, password: string): Promise<void> {
	welcome(await api.passwordChange(current, password));
}

export async function logout(): Promise<void> {
	try {
		await api.logout();
	} catch (e) {
		if (e instanceof Offline) return void toast(t('error.offline'), 'bad');
	}
	selectionForget();
	slipsForget();
	location.hash = '';
	location.reload();
}

// One sentence for whatever went wrong.
export function refusal(e: unknown): string {
	if (e instanceof Offline) return t(e.wrote ? 'error.lost' : 'error.offline');
	if (e instanceof Refused) {
		if (e.status === 403 && !e.problem.detail_de) return t('error.forbidden');
		return (language.value === 'de' ? e.problem.detail_de : e.problem.detail) ?? e.problem.detail ?? e.problem.title;
	}
	return t('error.generic', { detail: e instanceof Error ? e.message : String(e) });
}
export function toastRefusal(e: unknown): void {
	if (e instanceof Refused && e.status === 401) return; // the login opens by itself
	toast(refusal(e), 'bad');
}
