// pages/statistics.tsx -- how much files itself, how early, how right: by week, insurer and tier.
import { useMemo, useState } from 'preact/hooks';
import { api } from '../api';
import { Empty, Failed, PageHead, Skeleton } from '../parts/basic';
import { BarChart, type Bars } from '../parts/chart';
import { useAsked } from '../parts/paged';
import { go, route, routeWrite } from '../state/route';
import { vocabulary } from '../state/session';
import type { Coded, Statistics } from '../types';
import { date, language, number, percent, said, span, t, type Key } from '../text';

const spans: [string, number, Key][] = [
	['4w', 28, 'statistics.span.month'],
	['12w', 84, 'statistics.span.quarter'],
	['1y', 365, 'statistics.span.year'],
];
const spanUsual = '12w';

// A day of the office, not of UTC: after midnight the last of them is the new one.
function day(back: number): string {
	const at = new Date();
	at.setDate(at.getDate() - back);
	return [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((n) => String(n).padStart(2, '0')).join('-');
}
const worded = (list: Coded[] | undefined, code: string): string => said(list?.find((c) => c.code === code)) || code;
const share = (part: number, whole: number): string => (whole ? percent(part / whole) : '–');

function Headline({ of: s }: { of: Statistics }) {
	const filed = s.filed_by_week.reduce((n, w) => n + w.filed, 0);
	const total = s.filed_by_week.reduce((n, w) => n + w.total, 0);
	const figures: [Key, string, string][] = [
		['statistics.rate', share(filed, total), t('statistics.rate.text', { n: number(filed), of: number(total) })],
		['statistics.waiting', number(s.reasons.reduce((n, r) => n + r.count, 0)), s.oldest_queue_s === null ? '' : t('statistics.oldest', { span: span(s.oldest_queue_s) })],
		['statistics.decision', s.decision_seconds.median === null ? '–' : span(s.decision_seconds.median), s.decision_seconds.p95 === null ? '' : t('statistics.p95', { span: span(s.decision_seconds.p95) })],
		['statistics.alias', number(s.alias_hits), t('statistics.alias.text')],
	];
	return (
		<dl class="headline">
			{figures.map(([key, value, text]) => (
				<div key={key} class="card">
					<dt>{t(key)}</dt>
					<dd>{value}</dd>
					<dd class="quiet">{text}</dd>
				</div>
			))}
		</dl>
	);
}

const weekMs = 7 * 86400e3;

// Also the weeks in which nothing came: a gap must look like one.
function everyWeek(s: Statistics): Statistics['filed_by_week'] {
	const known = new Map(s.filed_by_week.map((w) => [w.week, w]));
	const weeks: Statistics['filed_by_week'] = [];
	const first = new Date(s.from);
	first.setUTCDate(first.getUTCDate() - ((first.getUTCDay() + 6) % 7));
	for (let at = +first; at <= +new Date(s.to); at += weekMs) {
		const week = new Date(at).toISOString().slice(0, 10);
		weeks.push(known.get(week) ?? { week, filed: 0, by_person: 0, queued: 0, total: 0 });
	}
	return weeks;
}

function Weeks({ of: s }: { of: Statistics }) {
	const weeks = useMemo(() => everyWeek(s), [s]);
	const labels = useMemo(() => weeks.map((w) => date(w.week).slice(0, 6)), [weeks, language.value]);
	const bars = useMemo<Bars[]>(
		() => [
			{ label: t('statistics.still'), color: '--horn', values: weeks.map((w) => w.total) },
			{ label: t('statistics.by_person'), color: '--chart-person', values: weeks.map((w) => w.filed + w.by_person) },
			{ label: t('statistics.by_itself'), color: '--chart-filed', values: weeks.map((w) => w.filed) },
		],
		[weeks, language.value],
	);
	return (
		<section class="card">
			<h2>{t('statistics.weeks')}</h2>
			<BarChart title={t('statistics.weeks')} of={t('statistics.week')} labels={labels} bars={bars} stacked />
		</section>
	);
}

function hours(of: { from_h: number | null; to_h: number | null }): string {
	if (of.from_h === null) return `< ${of.to_h} h`;
	return of.to_h === null ? `≥ ${of.from_h} h` : `${of.from_h}–${of.to_h} h`;
}

function Leads({ of: s }: { of: Statistics }) {
	const labels = useMemo(() => s.lead_histogram.map(hours), [s]);
	const bars = useMemo<Bars[]>(() => [{ label: t('statistics.documents'), color: '--chart-filed', values: s.lead_histogram.map((b) => b.count) }], [s, language.value]);
	return (
		<section class="card">
			<h2>{t('statistics.lead')}</h2>
			<p class="quiet">{t('statistics.lead.text')}</p>
			{labels.length ? <BarChart title={t('statistics.lead')} of={t('statistics.hours')} labels={labels} bars={bars} /> : <p class="quiet">{t('statistics.lead.none')}</p>}
		</section>
	);
}

// Bars that lie, with their words and figures: for what has no order in time.
function Lying({ rows }: { rows: { words: string; n: number; text: string }[] }) {
	const most = Math.max(1, ...rows.map((r) => r.n));
	return (
		<ul class="lying">
			{rows.map((r) => (
				<li key={r.words}>
					<span>{r.words}</span>
					<span class="lying-figure">{r.text}</span>
					<svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
						<rect class="lying-whole" width="100" height="6" rx="1.5" />
						<rect class="lying-part" width={(100 * r.n) / most} height="6" rx="1.5" />
					</svg>
				</li>
			))}
		</ul>
	);
}

function Funnel({ of: { funnel: f } }: { of: Statistics }) {
	const steps: [Key, number][] = [['statistics.fetched', f.fetched], ['statistics.filed', f.filed], ['statistics.released', f.released], ['statistics.delivered', f.delivered]];
	return (
		<section class="card">
			<h2>{t('statistics.funnel')}</h2>
			<Lying rows={steps.map(([key, n]) => ({ words: t(key), n, text: `${number(n)} · ${share(n, f.fetched)}` }))} />
		</section>
	);
}

function Reasons({ of: s }: { of: Statistics }) {
	return (
		<section class="card">
			<h2>{t('statistics.reasons')}</h2>
			{s.reasons.length ? <Lying rows={s.reasons.map((r) => ({ words: worded(vocabulary.value?.reasons, r.code), n: r.count, text: number(r.count) }))} /> : <p class="quiet">{t('queue.empty.title')}</p>}
		</section>
	);
}

function ByInsurer({ of: s }: { of: Statistics }) {
	return (
		<section class="card card-table">
			<h2>{t('statistics.by_insurer')}</h2>
			<div class="table-box" role="region" aria-label={t('statistics.by_insurer')} tabIndex={0}>
				<table class="table">
					<thead><tr><th>{t('contract.insurer')}</th><th class="right">{t('statistics.documents')}</th><th class="right">{t('statistics.rate')}</th><th class="right">{t('statistics.corrected')}</th></tr></thead>
					<tbody>
						{s.by_insurer.map((i) => (
							<tr key={i.key}><td>{i.name}</td><td class="right">{number(i.documents)}</td><td class="right">{percent(i.rate)}</td><td class="right">{number(i.corrected)}</td></tr>
						))}
					</tbody>
				</table>
			</div>
		</section>
	);
}

function ByTier({ of: s }: { of: Statistics }) {
	return (
		<section class="card card-table">
			<h2>{t('statistics.by_tier')}</h2>
			<p class="quiet">{t('statistics.precision.text')}</p>
			<div class="table-box" role="region" aria-label={t('statistics.by_tier')} tabIndex={0}>
				<table class="table">
					<thead><tr><th>{t('statistics.tier')}</th><th class="right">{t('statistics.filed')}</th><th class="right">{t('statistics.corrected')}</th><th class="right">{t('statistics.precision')}</th></tr></thead>
					<tbody>
						{s.by_tier.map((r) => (
							<tr key={r.tier}>
								<td>{worded(vocabulary.value?.tiers, r.tier)}</td>
								<td class="right">{number(r.filed)}</td>
								<td class="right">{number(r.corrected)}</td>
								<td class="right">{r.precision === null ? '–' : percent(r.precision, 2)}{r.bound95 !== null && r.bound95 > 0.5 && <span class="quiet"> {t('statistics.bound', { share: percent(r.bound95, 2) })}</span>}</td>
							</tr>
						))}
					</tbody>
				</table>
			</div>
		</section>
	);
}

function Choice({ known }: { known: Statistics['by_insurer'] }) {
	const q = route.value.query;
	const set = (change: Record<string, string>): void => go(routeWrite('statistics', null, { ...q, ...change }), false);
	return (
		<>
			<select class="input" aria-label={t('contract.insurer')} value={q.insurer ?? ''} onChange={(e) => set({ insurer: e.currentTarget.value })}>
				<option value="">{t('statistics.all_insurers')}</option>
				{known.map((i) => <option key={i.key} value={i.key}>{i.name}</option>)}
			</select>
			<select class="input" aria-label={t('statistics.span')} value={q.span ?? spanUsual} onChange={(e) => set({ span: e.currentTarget.value })}>
				{spans.map(([key, , words]) => <option key={key} value={key}>{t(words)}</option>)}
			</select>
		</>
	);
}

export function StatisticsPage() {
	const { insurer, span: chosen } = route.value.query;
	const back = (spans.find(([key]) => key === (chosen ?? spanUsual)) ?? spans[1]!)[1];
	const [known, setKnown] = useState<Statistics['by_insurer']>([]);
	const asked = useAsked(
		async (signal) => {
			const s = await api.statistics({ from: day(back), to: day(0), insurer }, signal);
			if (!insurer) setKnown(s.by_insurer);
			return s;
		},
		[insurer, back],
	);
	const s = asked.value;
	return (
		<div class="page">
			<PageHead title={t('nav.statistics')} text={s ? t('statistics.from_to', { from: date(s.from), to: date(s.to) }) : undefined}>
				<Choice known={known.length ? known : (s?.by_insurer ?? [])} />
			</PageHead>
			{asked.failed && !s ? <Failed text={asked.failed} again={asked.again} /> : !s ? <Skeleton rows={4} kind="card" /> : !s.funnel.fetched ? (
				<Empty icon="statistics" title={t('statistics.empty')} text={t('statistics.empty.text')} />
			) : (
				<>
					<Headline of={s} />
					<div class="two-columns two-wide"><Weeks of={s} /><Funnel of={s} /></div>
					<div class="two-columns two-wide"><Leads of={s} /><Reasons of={s} /></div>
					<div class="two-columns two-even"><ByInsurer of={s} /><ByTier of={s} /></div>
				</>
			)}
		</div>
	);
}
