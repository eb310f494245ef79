// state/route.ts -- where we are: "#/queue/DOCUMENT?reason=no_number". The address is the state, so it can be kept and sent.
import { signal } from '@preact/signals';

export interface Route {
	page: string;
	id: string | null;
	query: Record<string, string>;
}

export function routeRead(hash: string): Route {
	const [way = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
	const [page = '', id] = way.split('/');
	return { page: page || 'queue', id: id ? unescaped(id) : null, query: Object.fromEntries(new URLSearchParams(query)) };
}

function unescaped(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

export function routeWrite(page: string, id?: string | null, query?: Record<string, string | undefined>): string {
	const q = new URLSearchParams();
	for (const [k, v] of Object.entries(query ?? {})) if (v) q.set(k, v);
	const text = q.toString();
	return `#/${page}${id ? `/${encodeURIComponent(id)}` : ''}${text ? `?${text}` : ''}`;
}

const place = typeof location === 'undefined' ? null : location;
export const route = signal<Route>(routeRead(place?.hash ?? ''));

let seen = place?.hash; // what route was read from

// The browser tells of a new address a moment after it changed; what is done in between must not go by the old one.
export function routeNow(): Route {
	if (place && place.hash !== seen) route.value = routeRead((seen = place.hash));
	return route.value;
}

export function routeFollow(): void {
	addEventListener('hashchange', routeNow);
}

// push: a step that "back" returns from; otherwise the present step is replaced.
export function go(to: string, push = true): void {
	if (to === location.hash) return;
	if (push) history.pushState(null, '', to);
	else history.replaceState(null, '', to);
	routeNow();
}
