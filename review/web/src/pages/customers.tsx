// pages/customers.tsx -- the customers of the stock, and of one of them everything that happened, latest first.
import { api } from '../api';
import { Badge, Empty, Failed, PageHead, Reach, Skeleton } from '../parts/basic';
import { contractNumber, holderWords } from '../parts/contracts';
import { Icon, type IconName } from '../parts/icon';
import { useAsked, usePaged } from '../parts/paged';
import { SearchBox } from '../parts/searchbox';
import { route, routeWrite } from '../state/route';
import { vocabulary } from '../state/session';
import type { Contract, Customer, Holder, TimelineItem } from '../types';
import { counted, date, dateTime, has, language, lineBelow, said, t, time, type Key } from '../text';

const name = (of: Holder): string => [of.first_name, of.name].filter(Boolean).join(' ') || t('common.unknown');

// ---- the list ----

function Row({ customer: c }: { customer: Customer }) {
	return (
		<tr>
			<td><a href={routeWrite('customers', c.customer_id)}><strong>{name(c.holder)}</strong></a></td>
			<td class="nowrap" data-label={t('contract.birth_date')}>{c.holder.birth_date ? date(c.holder.birth_date) : ''}</td>
			<td data-label={t('contract.postcode')}>{c.holder.postcode}</td>
			<td class="number" data-label={t('contract.customer')}>{c.customer_id}</td>
			<td class="right" data-label={t('nav.contracts')}>{c.contracts}</td>
		</tr>
	);
}

function List() {
	const q = route.value.query.q ?? '';
	const list = usePaged<Customer>((cursor) => (q ? api.customers(q, cursor) : Promise.resolve({ items: [], next: null })), [q]);
	return (
		<div class="page">
			<PageHead title={t('nav.customers')}>
				<SearchBox page="customers" label={t('customers.search')} />
			</PageHead>
			{list.failed && !list.items ? <Failed text={list.failed} again={list.again} /> : !list.items ? <Skeleton rows={8} kind="row" /> : !list.items.length ? (
				<Empty icon="customers" title={q ? t('customers.none', { q }) : t('customers.start')} text={q ? undefined : t('customers.start.text')} />
			) : (
				<div class="table-box" role="region" aria-label={t('nav.customers')} tabIndex={0}>
					<table class="table table-cards">
						<thead><tr><th>{t('customers.name')}</th><th>{t('contract.birth_date')}</th><th>{t('contract.postcode')}</th><th>{t('contract.customer')}</th><th class="right">{t('nav.contracts')}</th></tr></thead>
						<tbody>{list.items.map((c) => <Row key={c.customer_id} customer={c} />)}</tbody>
					</table>
				</div>
			)}
			{list.more && <button class="button" type="button" onClick={list.more}>{t('common.more')}</button>}
		</div>
	);
}

// ---- one customer ----

const signs: Record<TimelineItem['kind'], IconName> = { arrival: 'file', decision: 'check', release: 'send', event: 'bell', feedback: 'phone', letter: 'mail' };

// The server's short words for programs, as people say them; what adds nothing is left out.
const told = (item: TimelineItem): string | null => (language.value === 'de' && item.detail_de) || item.detail;
function detail(item: TimelineItem): string | null {
	if (item.kind === 'event' || item.kind === 'release') return null;
	if (item.kind === 'feedback' && has(`channel.${item.detail}`)) return t(`channel.${item.detail}` as Key);
	if (item.kind === 'decision') return said(vocabulary.value?.tiers?.find((tier) => tier.code === item.detail)) || told(item);
	return told(item);
}

function Happened({ item }: { item: TimelineItem }) {
	return (
		<li class={`happened happened-${item.kind}`}>
			<span class="happened-sign" aria-hidden="true"><Icon name={signs[item.kind] ?? 'file'} size={15} /></span>
			<time dateTime={item.at}>{time(item.at)}</time>
			<span class="happened-words" title={item.detail ?? undefined}>
				{item.document_id ? <a href={routeWrite('queue', item.document_id)}>{said(item)}</a> : said(item)}
				{detail(item) && <span class="quiet"> · {detail(item)}</span>}
			</span>
		</li>
	);
}

// The items of one day under its date.
function byDay(items: TimelineItem[]): [string, TimelineItem[]][] {
	const days: [string, TimelineItem[]][] = [];
	for (const item of items) {
		const day = date(item.at);
		const last = days[days.length - 1];
		if (last?.[0] === day) last[1].push(item);
		else days.push([day, [item]]);
	}
	return days;
}

function Timeline({ id }: { id: string }) {
	const list = usePaged<TimelineItem>((cursor) => api.timeline(id, cursor), [id]);
	return (
		<section class="card" aria-label={t('customer.timeline')}>
			<h2>{t('customer.timeline')}</h2>
			{list.failed && !list.items ? <Failed text={list.failed} again={list.again} /> : !list.items ? <Skeleton rows={6} /> : !list.items.length ? (
				<p class="quiet">{t('customer.timeline.empty')}</p>
			) : (
				<ol class="timeline">
					{byDay(list.items).map(([day, items]) => (
						<li key={day}>
							<h3>{day}</h3>
							<ol>{items.map((item, i) => <Happened key={`${item.at} ${i}`} item={item} />)}</ol>
						</li>
					))}
				</ol>
			)}
			{list.more && <button class="button" type="button" onClick={list.more}>{t('common.more')}</button>}
		</section>
	);
}

function ContractLine({ contract: c }: { contract: Contract }) {
	return (
		<li>
			<span class="line-two">
				<a class="number" href={routeWrite('contracts', c.contract_id)}>{contractNumber(c)}</a>
				<span class="quiet">{[c.insurer.name, lineBelow(c)].filter(Boolean).join(' · ')}</span>
			</span>
			{c.ends_on && <Badge tone={c.cancelled ? 'bad' : 'plain'}>{t('cand.ended', { date: date(c.ends_on) })}</Badge>}
		</li>
	);
}

function One({ id }: { id: string }) {
	const asked = useAsked((signal) => api.customer(id, signal), [id]);
	const c = asked.value;
	if (asked.failed && !c) return <div class="page"><Failed text={asked.failed} again={asked.again} /></div>;
	if (!c || c.customer_id !== id) return <div class="page"><Skeleton rows={5} kind="card" /></div>;
	return (
		<div class="page">
			<PageHead title={name(c.holder)} text={[holderWords({ ...c.holder, name: null, first_name: null }), counted('customer.documents', c.documents)].filter(Boolean).join(' · ')}>
				{c.reachable === null ? <Badge icon="phone">{t('customer.reach.unknown')}</Badge> : <Reach known={c.reachable} title={c.reachable_since ? t('customer.reach.since', { at: dateTime(c.reachable_since) }) : undefined} />}
				<a class="button" href="#/customers"><Icon name="back" size={16} /> {t('nav.customers')}</a>
			</PageHead>
			<div class="two-columns">
				<Timeline id={id} />
				<section class="card">
					<h2>{t('nav.contracts')}</h2>
					{c.contracts.length ? <ul class="plain-list">{c.contracts.map((one) => <ContractLine key={one.contract_id} contract={one} />)}</ul> : <p class="quiet">{t('common.none')}</p>}
				</section>
			</div>
		</div>
	);
}

export function CustomersPage() {
	const id = route.value.id;
	return id ? <One id={id} /> : <List />;
}
