// pages/queue_search.tsx -- find the contract oneself; or several, for a collective document.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Dialog } from '../parts/dialog';
import { ContractSearch, contractNumber } from '../parts/contracts';
import { Icon } from '../parts/icon';
import { assignTo, busy, desk, propose } from '../state/desk';
import type { Contract } from '../types';
import { counted, t } from '../text';

export function SearchDialog({ close }: { close: () => void }) {
	const d = desk.value?.document;
	const [several, setSeveral] = useState(d?.reason?.code === 'collective_document');
	const [taken, setTaken] = useState<Contract[]>([]);
	const [sure, setSure] = useState(false);
	const [why, setWhy] = useState('');
	const open = useRef(true);
	useEffect(() => () => void (open.current = false), []);
	const customers = new Set(taken.map((c) => c.customer_id ?? '')).size;
	const file = async (contracts: Contract[], note?: string): Promise<void> => {
		if (await assignTo(contracts, customers > 1 && contracts.length > 1, note)) close();
	};
	const take = (c: Contract): void => {
		if (busy.value) return;
		if (!several) return void propose(c.contract_id, () => open.current).then((there) => there && close());
		setSure(false);
		setTaken(taken.some((x) => x.contract_id === c.contract_id) ? taken.filter((x) => x.contract_id !== c.contract_id) : [...taken, c]);
	};
	return (
		<Dialog title={t('search.title')} close={close} wide>
			<ContractSearch given={d?.name_on_document ?? d?.number?.delivered ?? ''} taken={several ? new Set(taken.map((c) => c.contract_id)) : undefined} take={take} />
			<footer class="dialog-foot">
				<label class="check">
					<input type="checkbox" checked={several} onChange={(e) => setSeveral(e.currentTarget.checked)} /> {t('search.several')}
				</label>
				{several && taken.length > 0 && (
					<>
						<ul class="chips">
							{taken.map((c) => (
								<li key={c.contract_id}>
									<button type="button" class="chip" onClick={() => take(c)}>
										<span class="number">{contractNumber(c)}</span> <Icon name="close" size={12} />
									</button>
								</li>
							))}
						</ul>
						{customers > 1 && (
							<>
								<label class="check notice notice-warn">
									<input type="checkbox" checked={sure} onChange={(e) => setSure(e.currentTarget.checked)} /> {t('several.customers')}
								</label>
								<label class="field">
									<span class="field-label">{t('several.why')}</span>
									<input class="input" type="text" value={why} maxLength={500} required onInput={(e) => setWhy(e.currentTarget.value)} />
								</label>
							</>
						)}
						<button class="button button-main" type="button" disabled={busy.value || (customers > 1 && !(sure && why.trim()))} onClick={() => void file(taken, customers > 1 ? why.trim() : undefined)}>
							{counted('search.several.go', taken.length)}
						</button>
					</>
				)}
			</footer>
		</Dialog>
	);
}
