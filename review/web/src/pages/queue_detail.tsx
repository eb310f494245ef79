// pages/queue_detail.tsx -- the open document: what it is and why it waits, the file, the candidates and what can be done.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Badge, Empty, Failed, Kbd, Skeleton } from '../parts/basic';
import { Icon, type IconName } from '../parts/icon';
import { LeadBar, leadWords } from '../parts/lead';
import { advice, busy, changed, correctable, correcting, desk, offered, opened, reload, undoOpen, waits } from '../state/desk';
import { decidedBy } from '../state/live';
import * as queue from '../state/queue';
import { may, me } from '../state/session';
import type { Document } from '../types';
import { ageOf, bytes, dateTime, lineWords, said, sentence, soon, t, time, type Key } from '../text';
import { AdviceBar } from './queue_advice';
import { Candidates } from './queue_candidates';
import { dialog, type DialogName } from './queue_dialogs';
import { Facts, History } from './queue_facts';
import { itemWords } from './queue_list';
import { Viewer } from './queue_viewer';

function Head({ document: d }: { document: Document }) {
	return (
		<header class="detail-head">
			<button class="button button-plain button-icon only-phone" type="button" aria-label={t('doc.back')} onClick={() => queue.open(null)}>
				<Icon name="back" />
			</button>
			<div class="detail-what">
				<div class="detail-name">
					<h2>{itemWords(d)}</h2>
					{d.reason && <Badge tone="warn">{said(d.reason)}</Badge>}
				</div>
				<p class="detail-line">
					<span>{d.insurer.name}</span>
					{d.business_case && <span class="detail-case" title={d.business_case}>{d.business_case}</span>}
					{d.line && <span>{lineWords(d)}</span>}
					<span title={dateTime(d.received_at)}>{ageOf(d.received_at)}</span>
					{d.file.name && (
						<span class="detail-file" title={d.file.name}>
							{d.file.name} · {bytes(d.file.size)}
						</span>
					)}
				</p>
			</div>
			<div class="detail-lead">
				<LeadBar lead={d.lead} />
				<span class="quiet">{d.lead?.letter_at && d.lead.hours > 0 ? t('lead.letter', { at: soon(d.lead.letter_at) }) : leadWords(d.lead)}</span>
			</div>
		</header>
	);
}

function Notices({ document: d }: { document: Document }) {
	const locked = d.lock && d.lock.user !== me.value?.user ? d.lock : null;
	return (
		<>
			{locked && waits.value && (
				<p class="notice notice-accent" role="status">
					<Icon name="lock" size={16} /> {t('doc.locked', { name: locked.name, at: time(locked.until) })}
				</p>
			)}
			{changed.value && waits.value && (
				<p class="notice notice-warn" role="status">
					<Icon name="against" size={16} /> {t('doc.changed')}
				</p>
			)}
			{d.note && (
				<p class="notice">
					<Icon name="user" size={16} /> {d.note}
				</p>
			)}
			{d.duplicate_of && (
				<p class="notice">
					<Icon name="stack" size={16} /> {t('doc.duplicate')}
				</p>
			)}
		</>
	);
}

function Why({ document: d }: { document: Document }) {
	if (!d.reason) return null;
	return (
		<section class="why" aria-label={t('doc.why')}>
			<h3>{t('doc.why')}</h3>
			{d.evidence.length === 0 ? (
				<p>{said(d.reason)}</p>
			) : (
				<ul class="sentences">
					{d.evidence.map((e, i) => (
						<li key={i} class={e.against ? 'against' : 'for'}>
							<Icon name={e.against ? 'against' : 'check'} size={14} /> <span>{sentence(e)}</span>
						</li>
					))}
				</ul>
			)}
		</section>
	);
}

const acts: { dialog: DialogName; words: Key; icon: IconName; key: string }[] = [
	{ dialog: 'search', words: 'act.search', icon: 'search', key: '/' },
	{ dialog: 'contract', words: 'act.new', icon: 'plus', key: 'n' },
	{ dialog: 'ignore', words: 'act.ignore', icon: 'folder', key: 'i' },
	{ dialog: 'postpone', words: 'act.postpone', icon: 'clock', key: 'p' },
	{ dialog: 'handover', words: 'act.handover', icon: 'send', key: 'g' },
];

function Acts() {
	if (!may('decisions')) return null;
	const usual = advice.value?.act;
	return (
		<div class="acts">
			{acts.map((a) => (
				<button key={a.dialog} class={a.dialog === usual ? 'button button-small button-main' : 'button button-small'} type="button" disabled={!offered.value} aria-keyshortcuts={a.key} onClick={() => (dialog.value = a.dialog)}>
					<Icon name={a.icon} size={15} /> {t(a.words)} <Kbd>{a.key}</Kbd>
				</button>
			))}
		</div>
	);
}

// Somebody was quicker, or it was decided before: say so, and how to go on.
// It lies where it lies by itself: said so, with the way to put it right.
function Filed({ document: d }: { document: Document }) {
	const at = d.contracts?.map((c) => c.number || c.contract_id).join(', ');
	const correct = (): void => {
		correcting.value = d.document_id;
		dialog.value = 'search';
	};
	return (
		<section class="gone" role="status">
			<Icon name="folder" />
			<div>
				<h3>{t('doc.filed.title')}</h3>
				<p class="quiet">
					{t('effect.files')} <span class="number">{at}</span>
				</p>
				<p class="quiet">{t(d.release?.told ? 'doc.correct.told' : 'doc.correct.untold')}</p>
			</div>
			<div class="gone-acts">
				<button class="button" type="button" disabled={busy.value} aria-keyshortcuts="/" onClick={correct}>
					{t('act.correct')} <Kbd>/</Kbd>
				</button>
			</div>
		</section>
	);
}

function Gone({ document: d }: { document: Document }) {
	const last = d.decisions[d.decisions.length - 1];
	const by = decidedBy.value?.id === d.document_id ? decidedBy.value.name : last?.by;
	return (
		<section class="gone" role="status">
			<Icon name="check" />
			<div>
				<h3>{t('doc.gone.title')}</h3>
				<p class="quiet">{by ? t('doc.gone.by', { name: by }) : t('doc.gone.text')}</p>
			</div>
			<div class="gone-acts">
				<button class="button" type="button" onClick={() => queue.step(1)}>
					{t('doc.next')} <Kbd>j</Kbd>
				</button>
				{d.undo?.possible && may('decisions') && (
					<button class="button" type="button" disabled={busy.value} onClick={() => void undoOpen()}>
						{t('act.undo')}
					</button>
				)}
			</div>
		</section>
	);
}

function Open({ document: d }: { document: Document }) {
	const side = useRef<HTMLDivElement>(null);
	// Each document is read from the top: what is usually right, before what was decided last.
	useLayoutEffect(() => side.current?.scrollTo(0, 0), [d.document_id]);
	return (
		<>
			<Head document={d} />
			<div class="detail-body">
				<Viewer document={d} />
				<div class="side" ref={side}>
					<Notices document={d} />
					{!waits.value && (correctable.value ? <Filed document={d} /> : <Gone document={d} />)}
					{offered.value && <AdviceBar of={advice.value} />}
					{opened.value && <Candidates document={d} />}
					{waits.value && <Acts />}
					<Why document={d} />
					<Facts document={d} />
					<History document={d} />
				</div>
			</div>
		</>
	);
}

export function QueueDetail() {
	const d = desk.value;
	let inside;
	if (!queue.openId.value || !d)
		inside = queue.ended.value ? (
			<Empty icon="check" tone="good" title={t('queue.ended.title')} text={t('queue.ended.text')} />
		) : queue.items.value.length ? (
			<Empty icon="file" title={t('queue.choose.title')} text={t('queue.choose.text')} />
		) : null;
	else if (d.failure) inside = <Failed text={d.failure} again={d.missing ? undefined : reload} />;
	else if (!d.document)
		inside = (
			<div class="detail-wait">
				<Skeleton rows={2} />
				<Skeleton rows={1} kind="page" />
			</div>
		);
	else inside = <Open document={d.document} />;
	return (
		<section class="detail" tabIndex={-1} data-document={d?.document?.document_id} aria-label={t('doc.title')} aria-busy={!!d && !d.document && !d.failure}>
			{inside}
		</section>
	);
}
