// parts/contracts.tsx -- a search in the stock while one types, with arrows to choose; used wherever a contract is asked for.
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { api } from '../api';
import { refusal } from '../state/session';
import type { Contract, Holder } from '../types';
import { counted, date, lineWords, t } from '../text';
import { Badge, Skeleton } from './basic';
import { Icon } from './icon';

export function holderWords(of: Holder | null | undefined): string {
	if (!of) return '';
	const name = [of.first_name, of.name].filter(Boolean).join(' ');
	return [name, of.birth_date ? t('cand.born', { date: date(of.birth_date) }) : '', of.postcode ?? '', of.plate ?? ''].filter(Boolean).join(' · ');
}

export function contractNumber(c: { printed_number?: string | null; number: string | null; contract_id: string }): string {
	return c.printed_number || c.number || c.contract_id;
}

const shortest = 2;

export function ContractSearch({ given, taken, take }: { given: string; taken?: ReadonlySet<string>; take: (c: Contract) => void }) {
	const [q, setQ] = useState(given);
	const [answer, setAnswer] = useState<{ q: string; items: Contract[] } | null>(null);
	const [failed, setFailed] = useState<string | null>(null);
	const [at, setAt] = useState(0);
	const input = useRef<HTMLInputElement>(null);
	const list = useId();
	const words = q.trim();
	const found = answer?.items;
	// What was found for earlier words stays in sight, greyed: nothing can be taken of it.
	const current = answer?.q === words;
	const old = !!found && !current;
	const early = useRef<string | null>(null); // the words for which Enter was pressed before the answer came
	const taker = useRef(take);
	taker.current = take;
	useEffect(() => {
		input.current?.focus();
		input.current?.select();
	}, []);
	useEffect(() => {
		setFailed(null);
		if (words.length < shortest) return setAnswer(null);
		const stop = new AbortController();
		const timer = setTimeout(() => {
			api.contracts({ q: words }, null, stop.signal).then(
				(page) => {
					if (stop.signal.aborted) return;
					setAnswer({ q: words, items: page.items });
					setAt(0);
					const [only, other] = page.items;
					if (early.current === words && only && !other) taker.current(only);
					early.current = null;
				},
				(e: unknown) => {
					if (stop.signal.aborted) return;
					early.current = null;
					setAnswer(null);
					setFailed(refusal(e));
				},
			);
		}, 150);
		return () => {
			clearTimeout(timer);
			stop.abort();
		};
	}, [words]);
	const key = (e: KeyboardEvent): void => {
		if (e.isComposing) return;
		if (e.key === 'Enter' && !current && !failed && words.length >= shortest) {
			early.current = words;
			return e.preventDefault();
		}
		if (!current || !found?.length) return;
		if (e.key === 'ArrowDown') setAt(Math.min(found.length - 1, at + 1));
		else if (e.key === 'ArrowUp') setAt(Math.max(0, at - 1));
		else if (e.key === 'Enter') {
			if (e.repeat) return e.preventDefault();
			const c = found[at];
			if (c) take(c);
		} else return;
		e.preventDefault();
	};
	return (
		<div class="find">
			<span class="search">
				<Icon name="search" size={16} />
				<input
					ref={input}
					class="input"
					type="text"
					inputMode="search"
					role="combobox"
					aria-expanded={!!found?.length}
					aria-controls={list}
					aria-activedescendant={current && found?.length ? `${list}-${at}` : undefined}
					aria-label={t('search.label')}
					placeholder={t('search.label')}
					autocomplete="off"
					spellcheck={false}
					value={q}
					onInput={(e) => {
						early.current = null;
						setQ(e.currentTarget.value);
					}}
					onKeyDown={key}
				/>
			</span>
			<p class="quiet find-said" role="status">
				{failed ?? (words.length < shortest ? t('search.hint') : found && current ? (found.length ? counted('search.found', found.length) : t('search.none', { q })) : t('search.busy'))}
			</p>
			{!found && !failed && words.length >= shortest && <Skeleton rows={3} kind="row" />}
			<ul class={old ? 'find-list find-old' : 'find-list'} id={list} role="listbox" aria-busy={old} aria-label={t('search.title')}>
				{found?.map((c, i) => (
					<li key={c.contract_id} id={`${list}-${i}`} role="option" aria-selected={taken ? taken.has(c.contract_id) : i === at} class={i === at ? 'find-row find-on' : 'find-row'} onClick={() => current && take(c)} onMouseMove={() => setAt(i)}>
						{taken && <span class={taken.has(c.contract_id) ? 'find-box find-box-on' : 'find-box'}>{taken.has(c.contract_id) && <Icon name="check" size={13} />}</span>}
						<span class="find-main">
							<span class="number">{contractNumber(c)}</span>
							<span>{holderWords(c.holder)}</span>
							<span class="quiet">
								{[c.insurer.name, lineWords(c), c.starts_on ? t('cand.since', { date: date(c.starts_on) }) : ''].filter(Boolean).join(' · ')}
							</span>
						</span>
						{c.ends_on && <Badge tone="bad">{t('cand.ended', { date: date(c.ends_on) })}</Badge>}
					</li>
				))}
			</ul>
		</div>
	);
}
