// pages/queue_filters.tsx -- which documents the list has: search, states, and what the address keeps.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../parts/icon';
import * as queue from '../state/queue';
import { vocabulary } from '../state/session';
import type { Filter } from '../api';
import { counted, number, said, t } from '../text';

interface Choice {
	value: string;
	words: string;
	count?: number;
}

function Select({ label, of, choices }: { label: string; of: keyof Filter; choices: Choice[] }) {
	const value = queue.filter.value[of] ?? '';
	const known = !value || choices.some((c) => c.value === value);
	return (
		<label class="field">
			<span class="field-label">{label}</span>
			<select class="input" value={value} onChange={(e) => queue.filterSet({ [of]: e.currentTarget.value || undefined })}>
				<option value="">{t('common.all')}</option>
				{!known && <option value={value}>{value}</option>}
				{choices.map((c) => (
					<option key={c.value} value={c.value}>
						{c.words}
						{c.count !== undefined ? ` (${number(c.count)})` : ''}
					</option>
				))}
			</select>
		</label>
	);
}

function Search() {
	const given = queue.filter.value.q ?? '';
	const [text, setText] = useState(given);
	const timer = useRef(0);
	useEffect(() => setText(given), [given]);
	const type = (value: string): void => {
		setText(value);
		clearTimeout(timer.current);
		timer.current = window.setTimeout(() => queue.filterSet({ q: value.trim() || undefined }), 250);
	};
	return (
		<span class="search">
			<Icon name="search" size={16} />
			<input class="input" type="search" aria-label={t('queue.filter.q')} placeholder={t('queue.filter.q')} value={text} onInput={(e) => type(e.currentTarget.value)} />
		</span>
	);
}

function States() {
	const state = queue.filter.value.state ?? 'queued';
	const mine = queue.filter.value.assignee === 'me';
	const c = queue.counts.value;
	const tabs = [
		{ words: t('queue.state.queued'), on: state === 'queued' && !mine, n: c?.queued, set: { state: undefined, assignee: undefined } },
		{ words: t('queue.mine'), on: mine, n: c?.mine, set: { state: undefined, assignee: 'me' } },
		{ words: t('queue.state.postponed'), on: state === 'postponed' && !mine, n: c?.postponed, set: { state: 'postponed', assignee: undefined } },
	];
	return (
		<div class="tabs" role="group" aria-label={t('queue.state')}>
			{tabs.map((tab) => (
				<button key={tab.words} type="button" class="tab" aria-pressed={tab.on} onClick={() => queue.filterSet(tab.set)}>
					{tab.words}
					{tab.n ? <span class="tab-count">{number(tab.n)}</span> : null}
				</button>
			))}
		</div>
	);
}

export function Filters({ open, setOpen }: { open: boolean; setOpen: (open: boolean) => void }) {
	const c = queue.counts.value;
	const words = new Map((vocabulary.value?.reasons ?? []).map((r) => [r.code, said(r)]));
	const reasons = c?.by_reason.map((r) => ({ value: r.code, words: said(r) || words.get(r.code) || r.code, count: r.count })) ?? [];
	const classes = (vocabulary.value?.business_classes ?? []).map((b) => ({ value: b.code, words: said(b) }));
	const sort = queue.filter.value.sort ?? 'lead';
	return (
		<div class="filters" role="search">
			<States />
			<div class="filters-line">
				<Search />
				<button class="button button-icon" type="button" aria-expanded={open} aria-label={queue.filterCount.value ? `${t('queue.filter')}: ${counted('queue.filter.active', queue.filterCount.value)}` : t('queue.filter')} onClick={() => setOpen(!open)}>
					<Icon name="filter" size={16} />
					{queue.filterCount.value > 0 && <span class="dot">{queue.filterCount.value}</span>}
				</button>
			</div>
			{open && (
				<div class="filters-more">
					<Select label={t('queue.filter.reason')} of="reason" choices={reasons} />
					<Select label={t('queue.filter.insurer')} of="insurer" choices={c?.by_insurer.map((i) => ({ value: i.key, words: i.name, count: i.count })) ?? []} />
					<Select label={t('queue.filter.business_class')} of="business_class" choices={classes} />
					<Select label={t('queue.filter.assignee')} of="assignee" choices={[{ value: 'me', words: t('queue.assignee.me') }, { value: 'none', words: t('queue.assignee.none') }]} />
					<label class="field">
						<span class="field-label">{t('queue.sort')}</span>
						<select class="input" value={sort} onChange={(e) => queue.filterSet({ sort: e.currentTarget.value === 'lead' ? undefined : e.currentTarget.value })}>
							<option value="lead">{t('queue.sort.lead')}</option>
							<option value="age">{t('queue.sort.age')}</option>
							<option value="insurer">{t('queue.sort.insurer')}</option>
						</select>
					</label>
					{queue.filterCount.value > 0 && (
						<button class="button button-small" type="button" onClick={queue.filterClear}>
							{t('queue.filter.clear')}
						</button>
					)}
				</div>
			)}
		</div>
	);
}
