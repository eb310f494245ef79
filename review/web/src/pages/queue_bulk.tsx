// pages/queue_bulk.tsx -- the same decision about many: first exactly what would happen to each, then it happens.
import { useRef, useState } from 'preact/hooks';
import { api, Offline, type BulkOrder } from '../api';
import { Badge } from '../parts/basic';
import { ContractSearch, contractNumber, holderWords } from '../parts/contracts';
import { Dialog, Field } from '../parts/dialog';
import { lostMany, remember } from '../state/desk';
import { inPortions } from '../state/portions';
import * as queue from '../state/queue';
import { selected } from '../state/selection';
import { refusal, toastRefusal } from '../state/session';
import { toast } from '../state/toast';
import type { BulkAnswer, BulkItem, Contract, QueueItem } from '../types';
import { counted, language, soon, t } from '../text';
import { ignoreReasons, ignoreWords, UntilChoice, untilFirst, untilTime } from './queue_dialogs';
import { itemWords, tellsApart } from './queue_list';

type What = 'bulk-assign' | 'bulk-ignore' | 'bulk-postpone';
const titles = { 'bulk-assign': 'search.title', 'bulk-ignore': 'ignore.title', 'bulk-postpone': 'postpone.title' } as const;
const actions = { 'bulk-assign': 'assign', 'bulk-ignore': 'ignore', 'bulk-postpone': 'postpone' } as const;

const refused = (i: BulkItem): boolean => i.refused !== undefined && i.refused !== false;
const goes = (i: BulkItem, meant: ReadonlySet<string>): boolean => !refused(i) || (!!i.confirm && meant.has(i.document_id));
const why = (i: BulkItem): string => (language.value === 'de' ? i.why_de || i.why : i.why || i.why_de) ?? '';

// What filing it does, in one line: of which insurer it is, whether the customer hears of it, the event, the spelling.
function effectWords(i: BulkItem, insurer: string | undefined): string {
	const e = i.effects;
	if (!e) return '';
	const told = e.releases === 'held' ? (e.hold_until ? t('effect.held', { at: soon(e.hold_until) }) : t('effect.heldfor')) : t(e.releases ? 'effect.releases' : 'effect.withheld');
	return [insurer, told, e.event ? `${t('effect.event')} ${e.event}` : '', t(i.alias ? 'bulk.alias' : 'bulk.alias.not')].filter(Boolean).join(' · ');
}

function Target({ of }: { of: NonNullable<BulkAnswer['contract']> }) {
	const holder = [of.first_name, of.name].filter(Boolean).join(' ');
	return (
		<p class="notice">
			{t('effect.files')} <span class="number">{of.printed_number || of.number || of.contract_id}</span> · {holder || t('common.unknown')}
			{of.customer_id && ` (${of.customer_id})`} · {of.insurer.name}
		</p>
	);
}

function DeliveredNumber({ item }: { item: QueueItem }) {
	return item.number?.delivered ? <span class="number">{item.number.delivered}</span> : <span class="quiet">{tellsApart(item)}</span>;
}

// What speaks against one of them is confirmed for this one alone.
function Meant({ meant, set }: { meant: boolean; set: (on: boolean) => void }) {
	return (
		<label class="check preview-why">
			<input type="checkbox" checked={meant} onChange={(e) => set(e.currentTarget.checked)} /> {t('confirm.go')}
		</label>
	);
}

function Outcome({ of, goes, action }: { of: BulkItem; goes: boolean; action: BulkOrder['action'] }) {
	if (goes) return <Badge tone="good">{t(`bulk.would.${action}`)}</Badge>;
	return of.confirm ? <Badge tone="warn">{t('bulk.asks')}</Badge> : <Badge tone="bad">{t('bulk.refused')}</Badge>;
}

function Preview({ answer, action, of, meant, set }: { answer: BulkAnswer; action: BulkOrder['action']; of: readonly QueueItem[]; meant: ReadonlySet<string>; set: (id: string, on: boolean) => void }) {
	const words = new Map(of.map((i) => [i.document_id, i]));
	return (
		<ul class="preview">
			{answer.items.map((i) => {
				const item = words.get(i.document_id);
				return (
					<li key={i.document_id}>
						<span class="preview-what">
							<strong>{item ? itemWords(item) : i.document_id}</strong> {item && <DeliveredNumber item={item} />}
							{why(i) && <span class="quiet preview-why">{why(i)}</span>}
							{i.effects && <span class="quiet preview-why">{effectWords(i, item?.insurer.name)}</span>}
							{i.confirm && <Meant meant={meant.has(i.document_id)} set={(on) => set(i.document_id, on)} />}
						</span>
						<Outcome of={i} goes={goes(i, meant)} action={action} />
					</li>
				);
			})}
		</ul>
	);
}

// How far it is, and a way to stop between two portions.
function Progress({ sent, of, stop }: { sent: number; of: number; stop: () => void }) {
	return (
		<div class="dialog-line" role="status">
			<progress class="grow" value={sent} max={of} aria-label={t('bulk.progress', { n: sent, of })} />
			<span>{t('bulk.progress', { n: sent, of })}</span>
			<button class="button button-small" type="button" onClick={stop}>
				{t('bulk.stop')}
			</button>
		</div>
	);
}

export function BulkDialog({ what, close }: { what: What; close: () => void }) {
	const [reason, setReason] = useState<string>('circular');
	const [day, setDay] = useState(untilFirst());
	const [contract, setContract] = useState<Contract | null>(null);
	const [note, setNote] = useState('');
	const [preview, setPreview] = useState<{ order: BulkOrder; answer: BulkAnswer; of: readonly QueueItem[] } | null>(null);
	const [meant, setMeant] = useState<ReadonlySet<string>>(new Set());
	const [busy, setBusy] = useState(false);
	const [at, setAt] = useState<{ sent: number; of: number } | null>(null);
	const stop = useRef(false);

	const n = selected.value.size;
	const order = (of: readonly QueueItem[]): BulkOrder => ({
		action: actions[what],
		documents: of.map(({ document_id, version }) => ({ document_id, version })),
		...(what === 'bulk-assign' ? { contract_id: contract?.contract_id } : what === 'bulk-ignore' ? { reason } : { until: untilTime(day) }),
		...(note.trim() ? { note: note.trim() } : {}),
		preview: true,
	});
	const run = async (act: () => Promise<void>): Promise<void> => {
		setBusy(true);
		await act().catch(toastRefusal);
		setBusy(false);
	};
	// The whole selection, in as many requests as it needs.
	const send = async (asked: BulkOrder) => {
		stop.current = false;
		const sent = await inPortions(asked.documents, (documents) => api.bulk({ ...asked, documents }), { stopped: () => stop.current, progress: (sent, of) => setAt({ sent, of }) });
		setAt(null);
		return { ...sent, items: sent.answers.flatMap((a) => a.items), contract: sent.answers[0]?.contract };
	};
	const shut = (): void => {
		stop.current = true;
		close();
	};
	const look = (): Promise<void> =>
		run(async () => {
			const { found, gone } = await queue.selectedNow();
			if (gone) toast(counted('bulk.gone', gone), 'bad');
			if (!found.length) return;
			const asked = order(found);
			const { items, contract, failed } = await send(asked);
			if (failed !== undefined) throw failed;
			setMeant(new Set());
			if (!stop.current) setPreview({ order: asked, answer: { items, totals: {}, contract }, of: found });
		});
	const go = (): Promise<void> =>
		run(async () => {
			if (!preview) return;
			const good = new Map(preview.answer.items.filter((i) => goes(i, meant)).map((i) => [i.document_id, i.confirm?.map((o) => o.code)]));
			const documents = preview.order.documents.filter((d) => good.has(d.document_id)).map((d) => ({ ...d, confirm: good.get(d.document_id) }));
			const { items, sent, failed, unanswered } = await send({ ...preview.order, documents, preview: false });
			const wasLost = failed instanceof Offline;
			const { ours, unknown } = wasLost ? await lostMany(unanswered.map((d) => ({ id: d.document_id, version: d.version }))) : { ours: [], unknown: 0 };
			const done = [...items.filter((i) => !refused(i)).map((i) => ({ id: i.document_id, version: i.version ?? 0 })), ...ours];
			const left = good.size - done.length - unknown;
			const text = counted(`bulk.done.${preview.order.action}`, done.length);
			const why = wasLost ? t('bulk.lost') : failed !== undefined ? t('bulk.broken', { why: refusal(failed) }) : sent < good.size ? t('bulk.stopped') : '';
			const whole = [text, left ? counted('bulk.left', left) : '', unknown ? counted('bulk.unknown', unknown) : '', why].filter(Boolean).join(' · ');
			if (done.length) remember(done, text, whole, null, left || unknown ? 'bad' : 'good');
			else toast(whole, 'bad');
			const gone = new Set(done.map((d) => d.id));
			queue.leave(gone, gone.has(queue.openId.value ?? ''));
			close();
		});
	if (preview) {
		const good = preview.answer.items.filter((i) => goes(i, meant)).length;
		const mark = (id: string, on: boolean): void => {
			const next = new Set(meant);
			if (on) next.add(id);
			else next.delete(id);
			setMeant(next);
		};
		return (
			<Dialog title={t('bulk.title')} text={counted('bulk.selected', preview.of.length)} close={shut} wide>
				{preview.answer.contract && <Target of={preview.answer.contract} />}
				<Preview answer={preview.answer} action={preview.order.action} of={preview.of} meant={meant} set={mark} />
				{at && <Progress {...at} stop={() => (stop.current = true)} />}
				{!good && <p class="notice notice-warn">{t('bulk.nothing')}</p>}
				<footer class="dialog-foot dialog-line">
					<button class="button" type="button" onClick={() => setPreview(null)}>
						{t('common.back')}
					</button>
					<button class="button button-main" type="button" disabled={busy || !good} onClick={() => void go()}>
						{counted(`bulk.go.${preview.order.action}`, good)}
					</button>
				</footer>
			</Dialog>
		);
	}
	return (
		<Dialog title={t(titles[what])} text={counted('bulk.selected', n)} close={shut} wide={what === 'bulk-assign'}>
			{what === 'bulk-assign' &&
				(contract ? (
					<p class="notice">
						<span class="number">{contractNumber(contract)}</span> {holderWords(contract.holder)}
						<button type="button" class="link" onClick={() => setContract(null)}>
							{t('act.search')}
						</button>
					</p>
				) : (
					<ContractSearch given="" take={setContract} />
				))}
			{what === 'bulk-ignore' && (
				<div class="choices" role="group" aria-label={t('ignore.reason')}>
					{ignoreReasons.map((r) => (
						<button key={r} type="button" class="choice" aria-pressed={reason === r} onClick={() => setReason(r)}>
							{ignoreWords(r)}
						</button>
					))}
				</div>
			)}
			{what === 'bulk-postpone' && <UntilChoice value={day} set={setDay} />}
			<Field label={t('doc.note')} hint={t('common.optional')}>
				<input class="input" value={note} maxLength={2000} onInput={(e) => setNote(e.currentTarget.value)} />
			</Field>
			{at && <Progress {...at} stop={() => (stop.current = true)} />}
			<footer class="dialog-foot dialog-line">
				<button class="button button-main" type="button" disabled={busy || !n || (what === 'bulk-assign' && !contract)} onClick={() => void look()}>
					{t('bulk.preview')}
				</button>
			</footer>
		</Dialog>
	);
}
