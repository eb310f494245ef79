// parts/diff.tsx -- a number with the characters marked that the other one has not. Marked by colour, line and for the ear.
import { alike, differing } from '../state/list';
import type { Piece, QueueItem } from '../types';
import { t } from '../text';

export function Diff({ pieces, plain, heard = true }: { pieces?: Piece[] | null; plain?: string | null; heard?: boolean }) {
	// A quite different number, or none to compare it with: to mark all of it would say nothing.
	if (!pieces || !alike(pieces)) return <span class="number">{plain}</span>;
	return (
		<span class="number">
			{pieces.map((p, i) =>
				p.same ? (
					<span key={i}>{p.text}</span>
				) : (
					<mark key={i} class="differs" title={heard ? t('queue.differs') : undefined}>
						{p.text || '·'}
					</mark>
				),
			)}
		</span>
	);
}

// The number as it came and the number of the best candidate, side by side. The ear is told in words what the eye sees marked.
export function Compared({ delivered, best }: { delivered: string; best: QueueItem['best'] }) {
	const number = best?.number;
	if (!number) return <Diff plain={delivered} />;
	// Of several that were delivered it is the one that comes nearest.
	const came = alike(best.delivered_diff) ? best.delivered_diff.map((p) => p.text).join('') : delivered;
	return (
		<>
			<span class="compared" aria-hidden="true">
				<Diff pieces={best.delivered_diff} plain={delivered} heard={false} />
				{number !== came && (
					<span class="compared-best">
						<span class="compared-to">{t(same(best) ? 'queue.best.same' : 'queue.best')}</span> <Diff pieces={same(best) ? null : best.diff} plain={number} heard={false} />
					</span>
				)}
			</span>
			<span class="only-heard">{heardOf(came, number, best)}</span>
		</>
	);
}

type Best = NonNullable<QueueItem['best']>;
const same = (best: Best): boolean => [...best.diff, ...best.delivered_diff].every((p) => p.same);

function heardOf(delivered: string, number: string, best: Best): string {
	if (same(best)) return t('queue.heard.same', { delivered, number });
	if (!alike(best.diff)) return t('queue.heard.other', { delivered, number });
	const words = (pieces: Piece[]): string => differing(pieces).join(', ') || t('queue.heard.nothing');
	return t('queue.heard.differs', { delivered, number, here: words(best.delivered_diff), there: words(best.diff) });
}
