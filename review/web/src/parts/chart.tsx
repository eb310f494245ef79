// parts/chart.tsx -- a drawing of figures by uPlot, in the colours of the page, and the same figures as a table for those who would
// rather read or hear them.
import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { scheme } from '../state/settings';
import { language, number, t } from '../text';

const height = 220;
const barShare = 0.72;
const barWidest = 44;

export interface Bars {
	label: string;
	color: string; // a token of tokens.css
	values: number[]; // where the bar ends
}

// Of bars that stand behind each other, what each adds to the one before it: the table's figures.
function own(bars: Bars[], at: number, i: number): number {
	return (bars[at]?.values[i] ?? 0) - (bars[at + 1]?.values[i] ?? 0);
}

const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// Bars stand at the places 0, 1, 2 ...; those that are drawn later stand before the earlier ones.
function options(labels: string[], bars: Bars[], width: number): uPlot.Options {
	const paths = uPlot.paths.bars;
	const ink = token('--ink-soft');
	const grid = { stroke: token('--line'), width: 1 };
	const font = `12px ${token('--font')}`;
	return {
		width,
		height,
		legend: { show: false },
		cursor: { show: false },
		padding: [8, 8, 0, 0],
		scales: { x: { time: false, range: [-0.6, labels.length - 0.4] }, y: { range: (_u, _min, max) => [0, Math.max(max, 1)] } },
		axes: [
			{ stroke: ink, font, grid: { show: false }, ticks: { show: false }, splits: labels.map((_, i) => i), values: (_u, splits) => thinned(splits.map((i) => labels[i] ?? ''), width) },
			{ stroke: ink, font, grid, ticks: { show: false }, size: 44, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000] },
		],
		series: [{}, ...bars.map((b) => ({ label: b.label, fill: token(b.color), stroke: token(b.color), width: 0, points: { show: false }, paths: paths?.({ size: [barShare, barWidest], radius: 0.15 }) }))],
	};
}

// As many labels as there is room for.
function thinned(labels: string[], width: number): string[] {
	const every = Math.ceil((labels.length * 56) / Math.max(1, width));
	return labels.map((label, i) => (i % every ? '' : label));
}

// Has the page other colours now? By the switch or by the system.
function useScheme(): number {
	const [turn, setTurn] = useState(0);
	useEffect(() => {
		const dark = matchMedia('(prefers-color-scheme: dark)');
		const change = (): void => setTurn((n) => n + 1);
		dark.addEventListener('change', change);
		return () => dark.removeEventListener('change', change);
	}, []);
	return turn;
}

export function BarChart({ title, of, labels, bars, stacked }: { title: string; of: string; labels: string[]; bars: Bars[]; stacked?: boolean }) {
	const box = useRef<HTMLDivElement>(null);
	const turn = useScheme();
	useEffect(() => {
		const at = box.current;
		if (!at) return;
		const data: uPlot.AlignedData = [labels.map((_, i) => i), ...bars.map((b) => b.values)];
		const plot = new uPlot(options(labels, bars, at.clientWidth || 600), data, at);
		const seen = new ResizeObserver(() => at.clientWidth && plot.setSize({ width: at.clientWidth, height }));
		seen.observe(at);
		return () => {
			seen.disconnect();
			plot.destroy();
		};
	}, [labels, bars, turn, scheme.value, language.value]);
	return (
		<figure class="chart">
			<figcaption class="chart-legend">
				{bars.map((b) => (
					<span key={b.label}><svg width="10" height="10" aria-hidden="true"><rect width="10" height="10" rx="2" fill={`var(${b.color})`} /></svg> {b.label}</span>
				))}
			</figcaption>
			<div class="chart-box" ref={box} aria-hidden="true" />
			<details>
				<summary>{t('statistics.table')}</summary>
				<div class="table-box" role="region" aria-label={title} tabIndex={0}>
					<table class="table">
						<thead><tr><th>{of}</th>{bars.map((b) => <th key={b.label} class="right">{b.label}</th>)}</tr></thead>
						<tbody>{labels.map((label, i) => <tr key={label}><td>{label}</td>{bars.map((b, at) => <td key={b.label} class="right">{number(stacked ? own(bars, at, i) : (b.values[i] ?? 0))}</td>)}</tr>)}</tbody>
					</table>
				</div>
			</details>
		</figure>
	);
}
