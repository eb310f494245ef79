// pages/queue_comparison.tsx -- the delivery, the letter and the contract that is looked at, side by side.
import type { ComponentChildren } from 'preact';
import { contractNumber } from '../parts/contracts';
import { Diff } from '../parts/diff';
import { Icon, type IconName } from '../parts/icon';
import type { Candidate, Comparison, Document, Verdict } from '../types';
import { date, lineWords, t } from '../text';

const signs: Record<Verdict, IconName | null> = { same: 'check', alike: 'against', differs: 'against', open: null };

// What delivery and letter say together: what speaks against it is not passed over.
const worst: readonly Verdict[] = ['differs', 'alike', 'same', 'open'];
const whole = (row: Comparison): Verdict => worst.find((v) => row.verdict === v || row.letter_verdict === v) ?? 'open';

function Said({ verdict, children }: { verdict: Verdict; children: ComponentChildren }) {
	return (
		<td class={`comparison-${verdict}`}>
			{children}
			{verdict !== 'open' && <span class="only-heard"> ({t(`compare.${verdict}`)})</span>}
		</td>
	);
}

function Values({ row, of, document: d }: { row: Comparison; of: Candidate; document: Document }) {
	if (row.what === 'number') {
		const marked = row.verdict === 'alike' || row.verdict === 'differs';
		return (
			<>
				<Said verdict={row.verdict}>{row.delivery && <Diff pieces={marked ? of.delivered_diff : null} plain={row.delivery} />}</Said>
				<Said verdict={row.letter_verdict}>{row.letter && <span class="number">{row.letter}</span>}</Said>
				<td>
					<Diff pieces={marked ? of.diff : null} plain={contractNumber(of)} />
				</td>
			</>
		);
	}
	const words = (value: string | null, line: string): string => (!value ? '' : row.what === 'line' ? line : row.what === 'birth_date' ? date(value) : value);
	return (
		<>
			<Said verdict={row.verdict}>{words(row.delivery, lineWords(d))}</Said>
			<Said verdict={row.letter_verdict}>{row.letter}</Said>
			<td>{words(row.contract, lineWords(of))}</td>
		</>
	);
}

// Whose insurer it is stands above; here only if it is another one.
const rowsOf = (of: Candidate): Comparison[] => of.comparison.filter((r) => r.what !== 'insurer' || r.verdict !== 'same');
export const compares = (of: Candidate): boolean => rowsOf(of).length > 0;

export function ComparisonTable({ of, document: d }: { of: Candidate; document: Document }) {
	const rows = rowsOf(of);
	if (!rows.length) return null;
	return (
		<table class="comparison">
			<caption class="only-heard">{t('compare.title')}</caption>
			<thead>
				<tr>
					<td />
					<th scope="col">{t('compare.delivery')}</th>
					<th scope="col">{t('compare.letter')}</th>
					<th scope="col">{t('compare.contract')}</th>
				</tr>
			</thead>
			<tbody>
				{rows.map((row) => {
					const sign = signs[whole(row)];
					return (
						<tr key={row.what}>
							<th scope="row" class={`comparison-${whole(row)}`}>
								{sign && <Icon name={sign} size={13} />} {t(`compare.${row.what}`)}
							</th>
							<Values row={row} of={of} document={d} />
						</tr>
					);
				})}
			</tbody>
		</table>
	);
}
