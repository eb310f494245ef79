// pages/queue_advice.tsx -- what is usually right with the open document, and the way there.
import { Kbd } from '../parts/basic';
import { contractNumber } from '../parts/contracts';
import { Icon } from '../parts/icon';
import { bindings } from '../keys/keys';
import { rowOf, type Act, type Advice } from '../state/advice';
import { choose, chosen, desk, offered } from '../state/desk';
import { t } from '../text';
import { dialog } from './queue_dialogs';

const words = { search: 'act.search', contract: 'act.new', ignore: 'act.ignore', handover: 'act.handover' } as const;
const keyOf = (act: Act): string => bindings.find((b) => b.action === (act === 'contract' ? 'new' : act))?.shown[0] ?? '';

export function AdviceBar({ of }: { of: Advice | null }) {
	if (!of) return null;
	const { act } = of;
	const at = of.candidate ? (desk.value?.candidates.indexOf(of.candidate) ?? -1) : -1;
	return (
		<section class="advice" aria-label={t('advice.title')}>
			<p role="status">
				<Icon name="bulb" size={16} />
				<span>
					<strong>{t('advice.title')}:</strong> {t(`advice.${of.because}`, { number: of.candidate ? contractNumber(of.candidate) : '', holder: (of.candidate && rowOf(of.candidate, 'holder')?.contract) ?? '' })}
				</span>
			</p>
			{act && act !== 'accept' && (
				<button class="button button-small" type="button" disabled={!offered.value} aria-keyshortcuts={keyOf(act)} onClick={() => (dialog.value = act)}>
					{t(words[act])} <Kbd>{keyOf(act)}</Kbd>
				</button>
			)}
			{act === 'accept' && at >= 0 && at !== chosen.value && (
				<button class="button button-small" type="button" onClick={() => choose(at)}>
					{t('advice.look')} <Kbd>{at + 1}</Kbd>
				</button>
			)}
		</section>
	);
}
