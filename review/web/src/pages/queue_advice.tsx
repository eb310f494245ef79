// pages/queue_advice.tsx -- what is usually right with the open document, and the way there.
import { Kbd } from '../parts/basic';
import { contractNumber } from '../parts/contracts';
import { Icon } from '../parts/icon';
import { bindings } from '../keys/keys';
import type { Act, Advice } from '../state/advice';
import { choose, chosen, desk, offered } from '../state/desk';
import { t } from '../text';
import { dialog } from './queue_dialogs';

const words = { search: 'act.search', contract: 'act.new', ignore: 'act.ignore', handover: 'act.handover' } as const;
const keyOf = (act: Act): string => bindings.find((b) => b.action === (act === 'contract' ? 'new' : act))?.shown[0] ?? '';

export function AdviceBar({ of }: { of: Advice | null }) {
	if (!of) return null;
	const at = of.candidate ? (desk.value?.candidates.indexOf(of.candidate) ?? -1) : -1;
	return (
		<section class="advice" aria-label={t('advice.title')}>
			<p>
				<Icon name="bulb" size={16} /> <span>{t(`advice.${of.because}`, { number: of.candidate ? contractNumber(of.candidate) : '' })}</span>
			</p>
			{of.act !== 'accept' ? (
				<button class="button button-small" type="button" disabled={!offered.value} aria-keyshortcuts={keyOf(of.act)} onClick={() => of.act !== 'accept' && (dialog.value = of.act)}>
					{t(words[of.act])} <Kbd>{keyOf(of.act)}</Kbd>
				</button>
			) : (
				at >= 0 &&
				at !== chosen.value && (
					<button class="button button-small" type="button" onClick={() => choose(at)}>
						{t('advice.look')} <Kbd>{at + 1}</Kbd>
					</button>
				)
			)}
		</section>
	);
}
