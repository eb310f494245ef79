// parts/searchbox.tsx -- a search whose words stand in the address, so that "back" returns to what was found.
import { useEffect, useRef, useState } from 'preact/hooks';
import { go, route, routeWrite } from '../state/route';
import { Icon } from './icon';

const pause = 250; // milliseconds without a key until it is looked for

export function SearchBox({ page, label }: { page: string; label: string }) {
	const [text, setText] = useState(route.value.query.q ?? '');
	const timer = useRef(0);
	useEffect(() => () => clearTimeout(timer.current), []);
	const look = (q: string): void => go(routeWrite(page, null, { ...route.value.query, q: q.trim() }), false);
	const typed = (q: string): void => {
		setText(q);
		clearTimeout(timer.current);
		timer.current = window.setTimeout(() => look(q), pause);
	};
	return (
		<form
			class="search search-page"
			role="search"
			onSubmit={(e) => {
				e.preventDefault();
				clearTimeout(timer.current);
				look(text);
			}}
		>
			<Icon name="search" size={16} />
			<input class="input" type="search" aria-label={label} placeholder={label} autocomplete="off" spellcheck={false} value={text} onInput={(e) => typed(e.currentTarget.value)} />
		</form>
	);
}
