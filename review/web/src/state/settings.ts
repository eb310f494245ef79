// state/settings.ts -- what belongs to this device: language, colours, single keys.
import { effect, signal } from '@preact/signals';
import { language, t, type Language } from '../text';

export type Scheme = 'auto' | 'light' | 'dark';
export const scheme = signal<Scheme>('auto');
export const singleKeys = signal(true);

const kept = 'vorpost';

function read(): { language?: Language; scheme?: Scheme; singleKeys?: boolean } {
	try {
		return JSON.parse(localStorage.getItem(kept) ?? '{}') ?? {};
	} catch {
		return {};
	}
}

export function settingsStart(): void {
	const was = read();
	if (was.language === 'de' || was.language === 'en') language.value = was.language;
	if (was.scheme === 'light' || was.scheme === 'dark') scheme.value = was.scheme;
	if (was.singleKeys === false) singleKeys.value = false;
	effect(() => {
		document.documentElement.lang = language.value;
		document.title = `${t('queue.title')} · Vorpost`;
	});
	effect(() => {
		if (scheme.value === 'auto') document.documentElement.removeAttribute('data-scheme');
		else document.documentElement.setAttribute('data-scheme', scheme.value);
	});
	effect(() => {
		const now = JSON.stringify({ language: language.value, scheme: scheme.value, singleKeys: singleKeys.value });
		try {
			localStorage.setItem(kept, now);
		} catch {
			// A private window keeps nothing; the page works without.
		}
	});
}

export function languageKept(): boolean {
	return read().language !== undefined;
}
