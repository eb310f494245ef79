// pages/queue_facts.tsx -- all that was delivered with a document, and what was decided about it.
import { useState } from 'preact/hooks';
import type { Document } from '../types';
import { dateTime, has, lineWhole, t } from '../text';

type Fact = [string, string];

// Whatever the facts are shaped like: lines of name and value, empty ones left out.
export function flat(value: unknown, name = ''): Fact[] {
	if (value === null || value === undefined || value === '') return [];
	if (Array.isArray(value)) return value.flatMap((v, i) => flat(v, value.length > 1 ? `${name} ${i + 1}` : name));
	if (typeof value === 'object') return Object.entries(value as Record<string, unknown>).flatMap(([k, v]) => flat(v, name ? `${name} · ${k}` : k));
	return [[name.replace(/_/g, ' '), String(value)]];
}

// Hundreds of lines at an insurer that says much: made when they are asked for.
function AllFacts({ of }: { of: Fact[] }) {
	const [open, setOpen] = useState(false);
	return (
		<details class="more" onToggle={(e) => setOpen(e.currentTarget.open)}>
			<summary>{t('doc.facts')}</summary>
			{open && (
				<dl class="pairs">
					{of.map(([k, v], i) => (
						<div key={i}>
							<dt>{k}</dt>
							<dd>{v}</dd>
						</div>
					))}
				</dl>
			)}
		</details>
	);
}

export function Facts({ document: d }: { document: Document }) {
	const first: Fact[] = [
		[t('doc.number'), d.number?.delivered ?? ''],
		[t('doc.canonical'), d.number?.canonical ?? ''],
		[t('doc.name'), d.name_on_document ?? ''],
		[t('doc.line'), lineWhole(d)],
		[t('doc.file'), d.file.name ?? ''],
		[t('doc.received'), dateTime(d.received_at)],
	];
	const rest = flat(d.facts);
	return (
		<section class="facts" aria-label={t('doc.delivered')}>
			<h3>{t('doc.delivered')}</h3>
			<dl class="pairs">
				{first.filter(([, v]) => v).map(([k, v]) => (
					<div key={k}>
						<dt>{k}</dt>
						<dd>{v}</dd>
					</div>
				))}
			</dl>
			{rest.length > 0 && <AllFacts key={d.document_id} of={rest} />}
		</section>
	);
}

export function History({ document: d }: { document: Document }) {
	if (!d.decisions.length) return null;
	return (
		<section class="history" aria-label={t('doc.history')}>
			<h3>{t('doc.history')}</h3>
			<ol>
				{d.decisions.map((x) => {
					const key = `decided.${x.action.replace('-', '_')}`;
					return (
						<li key={x.decision_id}>
							<strong>{has(key) ? t(key) : x.action}</strong> · {x.by} · {dateTime(x.at)}
							{x.note && <p class="quiet">{x.note}</p>}
						</li>
					);
				})}
			</ol>
		</section>
	);
}
