// pages/contracts.tsx -- the stock: search by number, name or customer; one contract with every number it answers to; taking a
// new stock over.
import { useState } from 'preact/hooks';
import { api } from '../api';
import { Badge, Empty, Failed, PageHead, Skeleton } from '../parts/basic';
import { contractNumber, holderWords } from '../parts/contracts';
import { Icon } from '../parts/icon';
import { useAsked, usePaged } from '../parts/paged';
import { SearchBox } from '../parts/searchbox';
import { route, routeWrite } from '../state/route';
import { may, vocabulary } from '../state/session';
import type { Coded, Contract, ContractDetail, FiledDocument } from '../types';
import { date, dateTime, lineBelow, lineWhole, said, t } from '../text';
import { ImportDialog } from './contracts_import';

const worded = (list: Coded[] | undefined, code: string): string => said(list?.find((c) => c.code === code)) || code;

function Ended({ contract: c }: { contract: Contract }) {
	if (c.vanished_at) return <Badge tone="warn" title={dateTime(c.vanished_at)}>{t('contract.vanished')}</Badge>;
	return c.ends_on ? <Badge tone={c.cancelled ? 'bad' : 'plain'}>{t('cand.ended', { date: date(c.ends_on) })}</Badge> : null;
}

function List() {
	const q = route.value.query.q ?? '';
	const [importing, setImporting] = useState(false);
	const list = usePaged<Contract>((cursor) => api.contracts({ q }, cursor), [q]);
	return (
		<div class="page">
			<PageHead title={t('nav.contracts')}>
				<SearchBox page="contracts" label={t('contracts.search')} />
				{may('stock') && <button class="button" type="button" onClick={() => setImporting(true)}><Icon name="download" size={16} /> {t('import.open')}</button>}
			</PageHead>
			{list.failed && !list.items ? <Failed text={list.failed} again={list.again} /> : !list.items ? <Skeleton rows={8} kind="row" /> : !list.items.length ? (
				<Empty icon="contracts" title={q ? t('search.none', { q }) : t('contracts.empty')} text={q ? undefined : t('contracts.empty.text')} />
			) : (
				<div class="table-box" role="region" aria-label={t('nav.contracts')} tabIndex={0}>
					<table class="table table-cards">
						<thead><tr><th>{t('contract.number')}</th><th>{t('contract.insurer')}</th><th>{t('contract.line')}</th><th>{t('contract.holder')}</th><th>{t('contract.since')}</th></tr></thead>
						<tbody>
							{list.items.map((c) => (
								<tr key={c.contract_id}>
									<td><a class="number" href={routeWrite('contracts', c.contract_id)}>{contractNumber(c)}</a></td>
									<td data-label={t('contract.insurer')}>{c.insurer.name}</td>
									<td data-label={t('contract.line')}>{lineBelow(c)}</td>
									<td data-label={t('contract.holder')}>{c.customer_id ? <a href={routeWrite('customers', c.customer_id)}>{holderWords(c.holder) || c.customer_id}</a> : holderWords(c.holder)}</td>
									<td class="nowrap" data-label={t('contract.since')}>{date(c.starts_on)} <Ended contract={c} /></td>
								</tr>
							))}
						</tbody>
					</table>
				</div>
			)}
			{list.more && <button class="button" type="button" onClick={list.more}>{t('common.more')}</button>}
			{importing && <ImportDialog close={() => setImporting(false)} done={list.again} />}
		</div>
	);
}

// ---- one contract ----

function Names({ contract: c }: { contract: ContractDetail }) {
	return (
		<section class="card">
			<h2>{t('contract.names')}</h2>
			<p class="quiet">{t('contract.names.text')}</p>
			<ul class="plain-list">
				{c.names.map((n) => (
					<li key={`${n.key} ${n.origin}`}>
						<span class="number">{n.spelling}</span>
						<span class="quiet" title={dateTime(n.created_at)}>{[worded(vocabulary.value?.origins, n.origin), n.created_by].filter(Boolean).join(' · ')}</span>
					</li>
				))}
			</ul>
			{c.renumberings.length > 0 && (
				<>
					<h3>{t('contract.renumbered')}</h3>
					<ul class="plain-list">
						{c.renumberings.map((r) => (
							<li key={r.at}>
								<span class="number">{r.before ?? '–'} → {r.after}</span>
								<span class="quiet">{date(r.at)} · {r.by}{r.undone_at && ` · ${t('decided.undo')} ${date(r.undone_at)}`}</span>
							</li>
						))}
					</ul>
				</>
			)}
		</section>
	);
}

function Filed({ documents }: { documents: FiledDocument[] }) {
	return (
		<section class="card">
			<h2>{t('contract.documents')}</h2>
			{documents.length === 0 ? <p class="quiet">{t('contract.documents.none')}</p> : (
				<ul class="plain-list">
					{documents.map((d) => (
						<li key={d.document_id}>
							<span>
								<a href={routeWrite('queue', d.document_id)}>{said(d.business_class)}</a>
								<span class="quiet"> · {[d.file.name, d.decided_by ?? worded(vocabulary.value?.tiers, d.tier)].filter(Boolean).join(' · ')}</span>
							</span>
							<span class="quiet nowrap">{date(d.received_at)} {d.release && <Badge tone={d.release === 'released' ? 'good' : 'plain'}>{worded(vocabulary.value?.releases, d.release)}</Badge>}</span>
						</li>
					))}
				</ul>
			)}
		</section>
	);
}

function One({ id }: { id: string }) {
	const asked = useAsked((signal) => api.contract(id, signal), [id]);
	const c = asked.value;
	if (asked.failed && !c) return <div class="page"><Failed text={asked.failed} again={asked.again} /></div>;
	if (!c || c.contract_id !== id) return <div class="page"><Skeleton rows={5} kind="card" /></div>;
	const facts: [string, string | null | undefined][] = [
		[t('contract.insurer'), c.vu ? `${c.insurer.name} (${c.vu})` : c.insurer.name],
		[t('contract.line'), lineWhole(c)],
		[t('contract.holder'), holderWords(c.holder)],
		[t('contract.starts_on'), date(c.starts_on)],
		[t('contract.application'), c.application_number],
		[t('contract.broker_number'), c.broker_number],
		[t('contract.source'), c.source],
		[t('contract.changed'), dateTime(c.changed_at)],
	];
	return (
		<div class="page">
			<PageHead title={contractNumber(c)} text={c.insurer.name}>
				<Ended contract={c} />
				{c.customer_id && <a class="button" href={routeWrite('customers', c.customer_id)}><Icon name="customers" size={16} /> {t('contract.to_customer')}</a>}
				<a class="button" href="#/contracts"><Icon name="back" size={16} /> {t('nav.contracts')}</a>
			</PageHead>
			<section class="card">
				<dl class="facts-grid">
					{facts.filter(([, v]) => v).map(([k, v]) => <div key={k}><dt>{k}</dt><dd>{v}</dd></div>)}
				</dl>
			</section>
			<div class="two-columns two-even">
				<Names contract={c} />
				<Filed documents={c.documents} />
			</div>
		</div>
	);
}

export function ContractsPage() {
	const id = route.value.id;
	return id ? <One id={id} /> : <List />;
}
