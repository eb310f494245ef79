// pages/queue_list.tsx -- the list: filters, rows, selection.
import { memo } from 'preact/compat';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Badge, Empty, Failed, Kbd, Reach, Skeleton } from '../parts/basic';
import { Compared } from '../parts/diff';
import { Icon } from '../parts/icon';
import { LeadBar } from '../parts/lead';
import { afterPaint } from '../state/paint';
import * as queue from '../state/queue';
import { selected, selectNone, toggle } from '../state/selection';
import { may, me } from '../state/session';
import type { QueueItem } from '../types';
import { age, counted, number, said, span, t } from '../text';
import { dialog } from './queue_dialogs';
import { Filters } from './queue_filters';

// What one calls a document: the business case, or what it is a class of.
export function itemWords(item: Pick<QueueItem, 'business_class' | 'business_case' | 'file'>): string {
	return said(item.business_class) || item.business_case || item.file.name || t('doc.title');
}

// What tells it from the others where no number was delivered: the number that its text has, or what it came as.
export function tellsApart(item: Pick<QueueItem, 'best' | 'file' | 'business_case'>): string {
	if (item.best?.by_text && item.best.number) return t('queue.bytext', { number: item.best.number });
	return item.file.name || item.business_case || '';
}

function Delivered({ item }: { item: QueueItem }) {
	const delivered = item.number?.delivered;
	if (delivered)
		return (
			<span class="row-number">
				<Compared delivered={delivered} best={item.best} />
			</span>
		);
	const tells = tellsApart(item);
	return (
		<span class="row-number row-without">
			{t('queue.nonumber')}
			{tells && ` · ${tells}`}
		</span>
	);
}

function Marks({ item }: { item: QueueItem }) {
	const locked = item.lock && item.lock.user !== me.value?.user ? item.lock : null;
	return (
		<>
			{locked && (
				<Badge tone="accent" icon="lock">
					{locked.name}
				</Badge>
			)}
			{item.assignee && (
				<Badge icon="user">{item.assignee === me.value?.user ? t('queue.assignee.me') : t('queue.handed', { name: item.assignee })}</Badge>
			)}
			{item.duplicate_of && <Badge icon="stack">{t('queue.duplicate')}</Badge>}
			{item.best && <Reach known={item.best.reachable} />}
		</>
	);
}

const Row = memo(function Row({ item, open, picked, link }: { item: QueueItem; open: boolean; picked: boolean; link: string }) {
	const row = useRef<HTMLLIElement>(null);
	useEffect(() => {
		if (!open) return;
		row.current?.scrollIntoView({ block: 'nearest' });
		// The focus goes along only if it was in the list already.
		const focus = document.activeElement;
		if (focus instanceof HTMLElement && focus.closest('.row-link')) row.current?.querySelector<HTMLElement>('.row-link')?.focus({ preventScroll: true });
	}, [open]);
	const what = itemWords(item);
	return (
		<li ref={row} class={`row${open ? ' row-open' : ''}${picked ? ' row-picked' : ''}`} data-document={item.document_id}>
			{may('decisions') && (
				<label class="row-pick">
					<input
						type="checkbox"
						checked={picked}
						aria-label={t('queue.select', { what: `${what}, ${item.number?.delivered || tellsApart(item) || t('queue.nonumber')}` })}
						onClick={(e) => (e.shiftKey ? queue.toggleRange(item.document_id) : toggle(item.document_id))}
					/>
				</label>
			)}
			<a
				class="row-link"
				href={link}
				aria-current={open ? 'true' : undefined}
				onClick={(e) => {
					if (e.metaKey || e.ctrlKey || e.shiftKey) return;
					e.preventDefault();
					queue.open(item.document_id, !queue.openId.value);
					// By mouse the focus goes back to the page, so that Enter means the document; by Enter on the row it goes into
					// the document, and only the next Enter decides.
					if (e.detail) e.currentTarget.blur();
					else document.querySelector<HTMLElement>('.detail')?.focus({ preventScroll: true });
				}}
			>
				<span class="row-top">
					<span class="row-what">{what}</span>
					<LeadBar lead={item.lead} />
				</span>
				<span class="row-middle">
					<Delivered item={item} />
					{item.name_on_document && <span class="row-name">{item.name_on_document}</span>}
				</span>
				<span class="row-why">{said(item.reason)}</span>
				<span class="row-foot">
					<span class="row-insurer">{item.insurer.name}</span>
					<span class="row-age">
						<span aria-hidden="true">{span(item.age_s)}</span>
						<span class="only-heard">{age(item.age_s)}</span>
					</span>
				</span>
				{(item.lock || item.assignee || item.duplicate_of || (item.best && item.best.reachable !== null)) && (
					<span class="row-marks">
						<Marks item={item} />
					</span>
				)}
			</a>
		</li>
	);
});

// Rows are made a few at a time, so that a phone answers to a finger in between: two at first, then as many as take some 10 ms.
const rowsAtFirst = 2;
const sliceMs = 10;
function useGrowing(length: number): number {
	const [made, setMade] = useState(rowsAtFirst);
	const slice = useRef({ rows: rowsAtFirst, began: 0 });
	useEffect(() => {
		if (made >= length) return;
		return afterPaint(() => {
			slice.current.began = performance.now();
			setMade(made + slice.current.rows);
		});
	}, [made, length]);
	useLayoutEffect(() => {
		const s = slice.current;
		const took = performance.now() - s.began;
		if (!s.began) return;
		if (took < sliceMs / 4) s.rows *= 2;
		else if (took > sliceMs && s.rows > 1) s.rows /= 2;
	}, [made]);
	return made;
}

function Rows() {
	const end = useRef<HTMLDivElement>(null);
	const items = queue.items.value;
	const made = useGrowing(items.length);
	useEffect(() => {
		const seen = new IntersectionObserver((entries) => entries.some((e) => e.isIntersecting) && queue.loadMore(), { rootMargin: '400px' });
		if (end.current) seen.observe(end.current);
		return () => seen.disconnect();
	}, [queue.next.value, made >= items.length]);
	return (
		<>
			<ul class="rows" aria-busy={made < items.length ? 'true' : undefined}>
				{items.slice(0, made).map((item) => (
					<Row key={item.document_id} item={item} open={item.document_id === queue.openId.value} picked={selected.value.has(item.document_id)} link={queue.hrefOf(item.document_id)} />
				))}
			</ul>
			{queue.next.value && made >= items.length && (
				<div ref={end} class="rows-more">
					{queue.phase.value === 'more' ? (
						<Skeleton rows={2} kind="row" />
					) : (
						<button class="button button-plain button-wide" type="button" onClick={queue.loadMore}>
							{t('common.more')}
						</button>
					)}
				</div>
			)}
		</>
	);
}

function Body() {
	if (queue.failure.value && !queue.items.value.length) return <Failed text={queue.failure.value} again={() => void queue.load()} />;
	if (queue.items.value.length) return <Rows />;
	if (queue.phase.value !== 'idle' || queue.next.value) return <Skeleton rows={8} kind="row" />;
	if (queue.filterCount.value)
		return (
			<Empty icon="filter" title={t('queue.empty.filtered.title')}>
				<button class="button" type="button" onClick={queue.filterClear}>
					{t('queue.filter.clear')}
				</button>
			</Empty>
		);
	const later = queue.filter.value.state === 'postponed' ? 0 : (queue.counts.value?.postponed ?? 0);
	// Decided here, and waiting all the same: what was handed over, or what came back meanwhile. Of what is new the bell tells.
	const others = queue.filter.value.state === 'postponed' || queue.fresh.value ? 0 : (queue.counts.value?.queued ?? 0);
	return (
		<Empty icon="check" tone="good" title={t(others > 0 ? 'queue.empty.through' : 'queue.empty.title')} text={others > 0 ? counted('queue.empty.others', others) : t('queue.empty.text')}>
			{others > 0 && (
				<button class="button" type="button" onClick={() => void queue.load()}>
					{t('queue.empty.others.show')}
				</button>
			)}
			{later > 0 && (
				<button class="button" type="button" onClick={() => queue.filterSet({ state: 'postponed' })}>
					{counted('queue.empty.later', later)}
				</button>
			)}
		</Empty>
	);
}

// The actions on what is selected. Nothing happens before its preview was seen.
function Bulk() {
	const n = selected.value.size;
	const apart = queue.selectedApart.value.length;
	if (!n) return null;
	return (
		<div class="bulk" role="region" aria-label={counted('bulk.selected', n)}>
			<p class="bulk-count">
				<strong>{counted('bulk.selected', n)}</strong>
				{apart > 0 && <span>{counted('bulk.apart', apart)}</span>}
				{n - apart < queue.items.value.length && (
					<button class="link" type="button" onClick={queue.selectAll}>
						{t('bulk.all', { n: number(queue.items.value.length) })}
					</button>
				)}
				<button class="link" type="button" onClick={selectNone}>
					{t('bulk.clear')}
				</button>
			</p>
			<div class="bulk-acts">
				<button class="button button-small" type="button" onClick={() => (dialog.value = 'bulk-assign')}>
					{t('bulk.assign')}
				</button>
				<button class="button button-small" type="button" onClick={() => (dialog.value = 'bulk-ignore')}>
					{t('bulk.ignore')}
				</button>
				<button class="button button-small" type="button" onClick={() => (dialog.value = 'bulk-postpone')}>
					{t('bulk.postpone')}
				</button>
			</div>
		</div>
	);
}

export function QueueList() {
	const [filters, setFilters] = useState(false);
	const at = queue.openIndex.value;
	return (
		<section class="list" aria-label={t('queue.list')}>
			<Filters open={filters} setOpen={setFilters} />
			{queue.fresh.value > 0 && (
				<button class="fresh" type="button" onClick={() => void queue.refresh()}>
					<Icon name="bell" size={15} /> {counted('queue.new', queue.fresh.value)} · {t('queue.new.show')}
				</button>
			)}
			<div class="list-body">
				<Body />
			</div>
			<Bulk />
			<footer class="list-foot">
				<span>{at >= 0 ? t('queue.position', { at: number(at + 1), of: number(queue.total.value) }) : number(queue.total.value)}</span>
				<button class="button button-plain button-small help-button" type="button" onClick={() => (dialog.value = 'keys')}>
					{t('nav.help')} <Kbd>?</Kbd>
				</button>
			</footer>
		</section>
	);
}
