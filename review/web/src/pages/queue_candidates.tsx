// pages/queue_candidates.tsx -- ranked contracts with why and why not, and exactly what accepting the chosen one does.
import { Badge, Empty, Kbd, Reach } from '../parts/basic';
import { contractNumber, holderWords } from '../parts/contracts';
import { Diff } from '../parts/diff';
import { Icon } from '../parts/icon';
import { useEffect, useRef } from 'preact/hooks';
import { accept, advice, alias, aliasPossible, asPattern, candidate, choose, chosen, desk, mostOthers, offered, otherNumber, patternPossible, settled, sure } from '../state/desk';
import { compares, ComparisonTable } from './queue_comparison';
import { may } from '../state/session';
import type { Candidate, Document, Sentence } from '../types';
import { ageOf, counted, date, lineWords, sentence, soon, t } from '../text';

function Sentences({ of, against }: { of: Sentence[]; against: boolean }) {
	if (!of.length) return null;
	return (
		<ul class="sentences" aria-label={t(against ? 'cand.whynot' : 'cand.why')}>
			{of.map((s, i) => (
				<li key={i} class={against ? 'against' : 'for'}>
					<Icon name={against ? 'against' : 'check'} size={14} /> <span>{sentence(s)}</span>
				</li>
			))}
		</ul>
	);
}

function Card({ of, at, document: d }: { of: Candidate; at: number; document: Document }) {
	const on = chosen.value === at;
	const term = [lineWords(of), of.insurer.key === d.insurer.key ? '' : of.insurer.name, of.starts_on ? t('cand.since', { date: date(of.starts_on) }) : ''].filter(Boolean).join(' · ');
	const number = contractNumber(of);
	const radio = useRef<HTMLInputElement>(null);
	// The focus never stands on one while another is chosen.
	useEffect(() => {
		if (on && document.activeElement?.matches('.cand-radio')) radio.current?.focus({ preventScroll: true });
	}, [on]);
	return (
		<li class={on ? 'cand cand-on' : 'cand'}>
			<label class="cand-label">
				<input ref={radio} type="radio" name="candidate" class="cand-radio" checked={on} onChange={() => choose(at)} aria-label={t('cand.take', { n: at + 1, what: `${number}, ${holderWords(of.holder)}` })} />
				<Kbd>{at < 9 ? at + 1 : '·'}</Kbd>
				<span class="cand-main">
					<span class="cand-number">
						<Diff pieces={of.diff?.every((p) => p.same) ? null : of.diff} plain={number} />
						{desk.value?.found?.includes(of.contract_id) && <Badge tone="accent">{t('cand.found')}</Badge>}
						<Reach known={desk.value?.document?.best?.contract_id === of.contract_id ? desk.value.document.best.reachable : null} />
						{of.ends_on && <Badge tone="bad">{t('cand.ended', { date: date(of.ends_on) })}</Badge>}
					</span>
					<span class="cand-holder">{holderWords(of.holder) || t('common.unknown')}</span>
					{(term || of.last_document_at) && (
						<span class="quiet">
							{term}
							{of.last_document_at ? `${term ? ' · ' : ''}${t('cand.last', { age: ageOf(of.last_document_at) })}` : ''}
						</span>
					)}
				</span>
			</label>
			{on && (
				<div class="cand-reasons">
					<ComparisonTable of={of} document={d} />
					<details class="more" open={!compares(of)}>
						<summary>{t('cand.reasons', { why: of.why.length, whynot: of.why_not.length })}</summary>
						<Sentences of={of.why} against={false} />
						<Sentences of={of.why_not} against={true} />
					</details>
				</div>
			)}
		</li>
	);
}

// How far what is remembered goes. Further than this number it is a proposal, and what becomes of that is said.
function Scope({ of }: { of: Document }) {
	const insurer = of.insurer.name;
	const choice = (pattern: boolean, words: string) => (
		<label class="check">
			<input type="radio" name="scope" checked={asPattern.value === pattern} onChange={() => (asPattern.value = pattern)} />
			<span>
				{words} {pattern && <Kbd>⇧ a</Kbd>}
			</span>
		</label>
	);
	return (
		<fieldset class="scope">
			<legend class="only-heard">{t('scope.title')}</legend>
			{choice(false, t('scope.number'))}
			{choice(true, t('scope.pattern', { insurer }))}
			{asPattern.value && (
				<p class="quiet scope-more" role="status">
					{t('scope.pattern.means', { insurer })} <code>vorpost insurers learn {of.insurer.key}</code>
				</p>
			)}
		</fieldset>
	);
}

function Effects({ of, document: d }: { of: Candidate; document: Document }) {
	const e = of.effects;
	const holder = [of.holder?.first_name, of.holder?.name].filter(Boolean).join(' ');
	return (
		<section class="effects" aria-label={t('effect.title')}>
			<h3>{t('effect.title')}</h3>
			<ul>
				{e.files && (
					<li>
						<Icon name="folder" size={15} /> <span>{t('effect.files')} <span class="number">{contractNumber(of)}</span>{holder && ` · ${holder}`}</span>
					</li>
				)}
				<li>
					<Icon name={e.releases === 'held' ? 'hold' : e.releases ? 'send' : 'stop'} size={15} />
					{e.releases === 'held' ? (e.hold_until ? t('effect.held', { at: soon(e.hold_until) }) : t('effect.heldfor')) : t(e.releases ? 'effect.releases' : 'effect.withheld')}
				</li>
				{mostOthers.value > 0 && (
					<li class="effects-also">
						<Icon name="stack" size={15} /> {counted('effect.also', mostOthers.value)}
					</li>
				)}
				{e.event && (
					<li class="quiet">
						<Icon name="bolt" size={15} /> <span>{t('effect.event')} <span class="number">{e.event}</span></span>
					</li>
				)}
				{e.alias && (
					<li>
						{aliasPossible.value ? (
							<div>
								<label class="check">
									<input type="checkbox" checked={alias.value} onChange={(x) => (alias.value = x.currentTarget.checked)} />
									<span>
										{t('effect.alias')} <Kbd>a</Kbd>
										<span class="quiet check-more">
											{alias.value ? (
												<>
													<span class="number">{e.alias.spelling || d.number?.delivered}</span> {t('effect.alias.on')}
												</>
											) : (
												t(otherNumber.value ? 'effect.alias.other' : 'effect.alias.off')
											)}
										</span>
									</span>
								</label>
								{patternPossible.value && <Scope of={d} />}
							</div>
						) : (
							<span class="quiet effects-line">
								<Icon name="bookmark" size={15} /> {sentence({ says: e.alias.why_not || t('effect.alias.not'), says_de: e.alias.why_not_de })}
							</span>
						)}
					</li>
				)}
			</ul>
		</section>
	);
}

// What has to be known before it is filed there: to be seen from the first, said out loud at the first Enter, and asked once more.
function Against({ of }: { of: Candidate }) {
	const asked = sure.value?.contract === of.contract_id;
	const place = useRef<HTMLDivElement>(null);
	useEffect(() => {
		if (asked) place.current?.parentElement?.scrollIntoView({ block: 'nearest' });
	}, [asked]);
	return (
		<div ref={place} class="notice notice-warn against-all" role={asked ? 'alert' : undefined}>
			{asked && <strong>{t('confirm.title')}</strong>}
			<ul class="sentences">
				{of.confirm.map((o) => (
					<li key={o.code} class="against">
						<Icon name="against" size={14} /> <span>{sentence(o)}</span>
					</li>
				))}
			</ul>
		</div>
	);
}

function Gone({ number }: { number: string }) {
	return (
		<p class="notice notice-warn" role="alert">
			<Icon name="against" size={16} /> <span>{t('cand.gone', { number })}</span>
		</p>
	);
}

export function Candidates({ document: d }: { document: Document }) {
	const list = desk.value?.candidates ?? [];
	const gone = desk.value?.gone;
	if (!list.length)
		return (
			<section aria-label={t('cand.title')}>
				{gone && <Gone number={gone.number} />}
				<Empty icon="search" title={t('cand.none.title')} text={may('decisions') ? t('cand.none.text') : undefined} />
			</section>
		);
	const now = candidate.value;
	const usual = advice.value?.act;
	return (
		<section class="cands" aria-label={t('cand.title')}>
			{gone && <Gone number={gone.number} />}
			<ol class="cand-list">
				{list.map((c, i) => (
					<Card key={c.contract_id} of={c} at={i} document={d} />
				))}
			</ol>
			{now && may('decisions') && (
				<>
					<div class="cand-after">
						<Effects of={now} document={d} />
						{now.confirm.length > 0 && <Against of={now} />}
					</div>
					<div class="accept" aria-busy={!settled.value}>
						<button class={`button button-wide${usual && usual !== 'accept' ? '' : ' button-main'}`} type="button" disabled={!offered.value || !settled.value} aria-keyshortcuts="Enter" onClick={accept}>
							<Icon name="check" /> {t(sure.value?.contract === now.contract_id ? 'confirm.go' : now.confirm.length ? 'confirm.look' : 'act.accept')} <Kbd>Enter</Kbd>
						</button>
					</div>
				</>
			)}
		</section>
	);
}
