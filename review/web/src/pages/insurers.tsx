// pages/insurers.tsx -- how the insurers are doing: each connection's last attempt, last success, next due, and its trouble in words.
import { useEffect, useState } from 'preact/hooks';
import { api } from '../api';
import { Badge, Empty, Failed, PageHead, Skeleton } from '../parts/basic';
import { Dialog, Field } from '../parts/dialog';
import { Icon } from '../parts/icon';
import { useAsked } from '../parts/paged';
import { may, refusal, toastRefusal } from '../state/session';
import { toast } from '../state/toast';
import { Quarantine } from './quarantine';
import type { ConnectionState, Insurer } from '../types';
import { ageOf, counted, date, dateTime, language, soon, t } from '../text';

const lookAgain = 15_000; // milliseconds
const expiresSoon = 30 * 86400e3;

type Health = 'good' | 'warn' | 'bad' | 'plain';

function health(c: ConnectionState): Health {
	if (c.state === 'paused') return 'plain';
	if (c.failures > 2) return 'bad';
	return c.failures || c.error || c.quarantined ? 'warn' : 'good';
}
const worst = (of: Insurer): Health => (['bad', 'warn', 'plain', 'good'] as const).find((h) => of.connections.some((c) => health(c) === h)) ?? 'plain';

function Pausing({ connection: c, close, changed }: { connection: ConnectionState; close: () => void; changed: () => void }) {
	const [reason, setReason] = useState('');
	const [error, setError] = useState<string | null>(null);
	const send = async (e: Event): Promise<void> => {
		e.preventDefault();
		try {
			await api.connectionPause(c.connection, reason.trim());
			toast(t('insurers.paused', { name: c.connection }), 'good');
			changed();
			close();
		} catch (e) {
			setError(refusal(e));
		}
	};
	return (
		<Dialog title={t('insurers.pause')} text={c.connection} close={close}>
			<form class="form" onSubmit={(e) => void send(e)}>
				<p>{t('insurers.pause.text')}</p>
				<Field label={t('insurers.pause.reason')} hint={t('common.optional')} error={error}>
					<input class="input" maxLength={500} value={reason} onInput={(e) => setReason(e.currentTarget.value)} />
				</Field>
				<button class="button button-main" type="submit">{t('insurers.pause')}</button>
			</form>
		</Dialog>
	);
}

function Acts({ connection: c, pause, changed }: { connection: ConnectionState; pause: () => void; changed: () => void }) {
	const act = async (does: () => Promise<unknown>, words: string): Promise<void> => {
		try {
			await does();
			toast(words, 'good');
			changed();
		} catch (e) {
			toastRefusal(e);
		}
	};
	if (c.state === 'paused')
		return (
			<button class="button button-small" type="button" onClick={() => void act(() => api.connectionResume(c.connection), t('insurers.resumed', { name: c.connection }))}>
				<Icon name="play" size={14} /> {t('insurers.resume')}
			</button>
		);
	return (
		<>
			<button class="button button-small" type="button" disabled={c.working} onClick={() => void act(() => api.connectionPoll(c.connection), t('insurers.asked', { name: c.connection }))}>
				<Icon name="refresh" size={14} /> {t('insurers.poll')}
			</button>
			<button class="button button-small" type="button" onClick={pause}>
				<Icon name="pause" size={14} /> {t('insurers.pause')}
			</button>
		</>
	);
}

function State({ connection: c }: { connection: ConnectionState }) {
	if (c.state === 'paused') return <Badge icon="pause">{t('insurers.state.paused')}</Badge>;
	if (c.working) return <Badge tone="accent" icon="refresh">{t('insurers.state.working')}</Badge>;
	const h = health(c);
	return <Badge tone={h} icon={h === 'good' ? 'check' : 'against'}>{t(h === 'good' ? 'insurers.state.good' : h === 'warn' ? 'insurers.state.warn' : 'insurers.state.bad')}</Badge>;
}

function Connection({ connection: c, changed }: { connection: ConnectionState; changed: () => void }) {
	const [pausing, setPausing] = useState(false);
	const [open, setOpen] = useState(false);
	const error = (language.value === 'de' ? c.error_de : null) || c.error;
	const expires = c.credential_expires_at ? +new Date(c.credential_expires_at) - Date.now() < expiresSoon : false;
	return (
		<div class="connection">
			<div class="connection-head">
				<h3>{c.connection}</h3>
				<State connection={c} />
			</div>
			<dl class="figures">
				<div><dt>{t('insurers.success')}</dt><dd title={dateTime(c.last_success_at)}>{c.last_success_at ? ageOf(c.last_success_at) : t('users.never')}</dd></div>
				<div><dt>{t('insurers.attempt')}</dt><dd title={dateTime(c.last_attempt_at)}>{c.last_attempt_at ? ageOf(c.last_attempt_at) : t('users.never')}</dd></div>
				<div><dt>{t('insurers.due')}</dt><dd>{c.next_due_at ? soon(c.next_due_at) : '–'}</dd></div>
				{c.credential_expires_at && <div><dt>{t('insurers.expires')}</dt><dd class={expires ? 'warned' : undefined}>{date(c.credential_expires_at)}</dd></div>}
			</dl>
			{error && <p class="notice notice-warn"><Icon name="against" size={16} /> <span>{error}{c.failures > 1 && ` (${counted('insurers.failures', c.failures)})`}</span></p>}
			{c.pause_reason && <p class="quiet">{c.pause_reason}</p>}
			<div class="connection-foot">
				{c.quarantined > 0 && (may('insurers') ? (
					<button class="button button-small" type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
						<Icon name="against" size={14} /> {counted('insurers.quarantined', c.quarantined)}
					</button>
				) : <Badge tone="warn">{counted('insurers.quarantined', c.quarantined)}</Badge>)}
				{c.waiting_acknowledgement > 0 && <Badge>{counted('insurers.unacknowledged', c.waiting_acknowledgement)}</Badge>}
				<span class="grow" />
				{may('insurers') && <Acts connection={c} pause={() => setPausing(true)} changed={changed} />}
			</div>
			{open && c.quarantined > 0 && <Quarantine connection={c.connection} />}
			{pausing && <Pausing connection={c} close={() => setPausing(false)} changed={changed} />}
		</div>
	);
}

export function InsurersPage() {
	const asked = useAsked((signal) => api.insurers(signal));
	useEffect(() => {
		const timer = setInterval(() => document.hidden || asked.again(), lookAgain);
		return () => clearInterval(timer);
	}, []);
	const items = asked.value?.items;
	return (
		<div class="page">
			<PageHead title={t('nav.insurers')} text={t('insurers.text')} />
			{asked.failed && !items ? <Failed text={asked.failed} again={asked.again} /> : !items ? <Skeleton rows={4} kind="card" /> : !items.length ? (
				<Empty icon="insurers" title={t('insurers.empty')} text={t('insurers.empty.text')} />
			) : (
				<ul class="insurers">
					{items.map((i) => (
						<li key={i.key} class={`card insurer insurer-${worst(i)}`}>
							<h2>{i.name}</h2>
							{i.connections.map((c) => <Connection key={c.connection} connection={c} changed={asked.again} />)}
						</li>
					))}
				</ul>
			)}
		</div>
	);
}
