// pages/queue_dialogs.tsx -- what is asked before a decision other than accepting: reason, date, colleague, facts.
import { signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { api, Refused } from '../api';
import { Kbd, Skeleton } from '../parts/basic';
import { Dialog, Field } from '../parts/dialog';
import { useAsked } from '../parts/paged';
import { bindings } from '../keys/keys';
import { noteOf, reasonOf } from '../state/advice';
import { advice, asking, busy, contractMake, desk, handOver, ignore, postpone } from '../state/desk';
import { me, vocabulary } from '../state/session';
import { singleKeys } from '../state/settings';
import { said, sentence, t } from '../text';
import { BulkDialog } from './queue_bulk';
import { SearchDialog } from './queue_search';

export type DialogName = 'search' | 'contract' | 'ignore' | 'postpone' | 'handover' | 'keys' | 'bulk-assign' | 'bulk-ignore' | 'bulk-postpone';
export const dialog = signal<DialogName | null>(null);
const shut = (): void => void (dialog.value = null);

// The dialog stays while the server thinks, and if it refuses: nothing typed is lost.
async function during(act: Promise<boolean>): Promise<void> {
	if (await act) shut();
}

export const ignoreReasons = ['advertising', 'circular', 'settlement', 'data', 'not_ours', 'duplicate', 'other'] as const;

export function ignoreWords(code: (typeof ignoreReasons)[number]): string {
	return said(vocabulary.value?.ignore_reasons?.find((r) => r.code === code)) || t(`ignore.${code}`);
}

// One key, one decision: the digit or a click is the answer.
function Ignore() {
	const [note, setNote] = useState('');
	const list = useRef<HTMLDivElement>(null);
	const take = (reason: string): void => void during(ignore(reason, note.trim() || undefined));
	const usual = reasonOf(desk.value?.document);
	useEffect(() => list.current?.querySelectorAll('button')[usual ? ignoreReasons.indexOf(usual) : 0]?.focus(), []);
	// From the moment that the dialog is there: whoever knows the digit does not wait for the focus.
	useLayoutEffect(() => {
		const press = (e: KeyboardEvent): void => {
			const reason = ignoreReasons[Number(e.key) - 1];
			if (!reason || e.ctrlKey || e.metaKey || e.altKey || e.target instanceof HTMLInputElement) return;
			e.preventDefault();
			take(reason);
		};
		addEventListener('keydown', press);
		return () => removeEventListener('keydown', press);
	}, [note]);
	return (
		<Dialog title={t('ignore.title')} text={t('ignore.reason')} close={shut}>
			<div class="choices" ref={list}>
				{ignoreReasons.map((r, i) => (
					<button key={r} type="button" class="choice" disabled={busy.value} onClick={() => take(r)}>
						<Kbd>{i + 1}</Kbd> {ignoreWords(r)}
					</button>
				))}
			</div>
			<Field label={t('doc.note')} hint={t('common.optional')}>
				<input class="input" value={note} maxLength={2000} onInput={(e) => setNote(e.currentTarget.value)} />
			</Field>
		</Dialog>
	);
}

// The morning of the day so many days from now, in the clerk's own time.
export function morning(days: number, now = new Date()): Date {
	return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 8, 0, 0);
}
function dayText(at: Date): string {
	return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`;
}
function fromDay(text: string): Date {
	const [y = 0, m = 1, d = 1] = text.split('-').map(Number);
	return new Date(y, m - 1, d, 8, 0, 0);
}

export function UntilChoice({ value, set }: { value: string; set: (day: string) => void }) {
	const ways = [
		[t('postpone.tomorrow'), 1],
		[t('postpone.days'), 3],
		[t('postpone.week'), 7],
	] as const;
	return (
		<>
			<div class="choices choices-line">
				{ways.map(([words, days]) => (
					<button key={days} type="button" class="choice" aria-pressed={value === dayText(morning(days))} onClick={() => set(dayText(morning(days)))}>
						{words}
					</button>
				))}
			</div>
			<Field label={t('postpone.until')}>
				<input class="input" type="date" required min={dayText(morning(1))} value={value} onInput={(e) => set(e.currentTarget.value)} />
			</Field>
		</>
	);
}
export const untilFirst = (): string => dayText(morning(1));
export const untilTime = (day: string): string => fromDay(day).toISOString();

function Postpone() {
	const [day, setDay] = useState(untilFirst());
	const [note, setNote] = useState('');
	const go = useRef<HTMLButtonElement>(null);
	useEffect(() => go.current?.focus(), []);
	return (
		<Dialog title={t('postpone.title')} close={shut}>
			<form
				class="form"
				onSubmit={(e) => {
					e.preventDefault();
					void during(postpone(untilTime(day), note.trim() || undefined));
				}}
			>
				<UntilChoice value={day} set={setDay} />
				<Field label={t('doc.note')} hint={t('common.optional')}>
					<input class="input" value={note} maxLength={2000} onInput={(e) => setNote(e.currentTarget.value)} />
				</Field>
				<button ref={go} class="button button-main" type="submit" disabled={busy.value}>
					{t('postpone.go')} <Kbd>Enter</Kbd>
				</button>
			</form>
		</Dialog>
	);
}

// Colleagues by name, as far as the server says; a user name to type where it does not.
function Colleagues({ to, set, only }: { to: string; set: (to: string) => void; only: () => void }) {
	const asked = useAsked(() => api.colleagues());
	const list = useRef<HTMLSelectElement>(null);
	const others = asked.value?.items.filter((c) => c.user !== me.value?.user);
	useEffect(() => {
		list.current?.focus();
		if (others?.length !== 1 || !others[0]) return;
		set(others[0].user);
		only();
	}, [asked.value]);
	if (asked.failed)
		return (
			<Field label={`${t('handover.to')} (${t('users.user')})`}>
				<input class="input" required maxLength={64} autocapitalize="none" spellcheck={false} autocomplete="off" value={to} onInput={(e) => set(e.currentTarget.value.trim())} />
			</Field>
		);
	if (!others) return <Skeleton rows={1} kind="row" />;
	if (!others.length) return <p class="notice">{t('handover.nobody')}</p>;
	return (
		<Field label={t('handover.to')}>
			<select ref={list} class="input" required value={to} onChange={(e) => set(e.currentTarget.value)}>
				<option value="">{t('handover.choose')}</option>
				{others.map((c) => (
					<option key={c.user} value={c.user}>{c.name === c.user ? c.user : `${c.name} (${c.user})`}</option>
				))}
			</select>
		</Field>
	);
}

function HandOver() {
	const [to, setTo] = useState('');
	const [note, setNote] = useState(() => noteOf(advice.value));
	const [sure, setSure] = useState(false); // nobody is to be chosen, and the note is written
	const go = useRef<HTMLButtonElement>(null);
	useEffect(() => {
		if (sure && note) go.current?.focus();
	}, [sure]);
	return (
		<Dialog title={t('handover.title')} close={shut}>
			<form
				class="form"
				onSubmit={(e) => {
					e.preventDefault();
					void during(handOver(to, note.trim() || undefined));
				}}
			>
				<Colleagues to={to} set={setTo} only={() => setSure(true)} />
				<Field label={t('handover.note')} hint={t('common.optional')}>
					<textarea class="input" rows={3} maxLength={2000} value={note} onInput={(e) => setNote(e.currentTarget.value)} />
				</Field>
				<button ref={go} class="button button-main" type="submit" disabled={busy.value || !to}>
					{t('handover.go')}
				</button>
			</form>
		</Dialog>
	);
}

const contractFields = ['number', 'line', 'customer_id', 'name', 'first_name', 'birth_date', 'postcode', 'starts_on'] as const;
const contractWords = {
	number: 'contract.number', line: 'contract.line', customer_id: 'contract.customer', name: 'contract.surname', first_name: 'contract.first_name',
	birth_date: 'contract.birth_date', postcode: 'contract.postcode', starts_on: 'contract.starts_on',
} as const;

// Whose number it is, for a wrong digit in it is another customer's letter; nothing while it is not known.
function useCustomerOf(id: string): string | undefined {
	const [whose, setWhose] = useState<string>();
	useEffect(() => {
		const asked = new AbortController();
		setWhose(undefined);
		const wait = setTimeout(() => {
			if (!id) return;
			api.customer(id, asked.signal).then(
				({ holder: h }) => setWhose(t('contract.customer.is', { name: [h.first_name, h.name].filter(Boolean).join(' ') || t('common.unknown') })),
				(e) => e instanceof Refused && e.status === 404 && setWhose(t('contract.customer.new')),
			);
		}, 250);
		return () => (clearTimeout(wait), asked.abort());
	}, [id]);
	return whose;
}

function NewContract() {
	const d = desk.value?.document;
	const party = (d?.facts.party ?? {}) as Record<string, unknown>;
	const fact = (name: string): string => (typeof party[name] === 'string' ? (party[name] as string) : '');
	const [values, setValues] = useState<Record<string, string>>(() => ({
		number: d?.number?.delivered ?? '', line: d?.line ?? '', customer_id: '', name: fact('surname') || (d?.name_on_document ?? ''), first_name: fact('first_name'),
		birth_date: fact('birth_date').slice(0, 10), postcode: fact('postcode'), starts_on: '',
	}));
	const whose = useCustomerOf(values.customer_id?.trim() ?? '');
	const hint = (name: string): string | undefined =>
		name === 'customer_id' && whose ? whose : name === 'number' || name === 'name' ? undefined : t('common.optional');
	const first = useRef<HTMLInputElement>(null);
	useEffect(() => first.current?.focus(), []);
	return (
		<Dialog title={t('contract.new.title')} text={t('contract.new.text')} close={shut} wide>
			<form
				class="form form-two"
				onSubmit={(e) => {
					e.preventDefault();
					const given = Object.fromEntries(Object.entries(values).map(([k, v]) => [k, v.trim()]).filter(([, v]) => v));
					void during(contractMake(given, values.number ?? ''));
				}}
			>
				{contractFields.map((name) => (
					<Field key={name} label={t(contractWords[name])} hint={hint(name)}>
						<input
							ref={name === 'number' ? first : undefined}
							class={name === 'number' ? 'input number' : 'input'}
							type={name === 'birth_date' || name === 'starts_on' ? 'date' : 'text'}
							required={name === 'number' || name === 'name'}
							maxLength={name === 'line' ? 3 : 200}
							autocomplete="off"
							value={values[name]}
							onInput={(e) => setValues({ ...values, [name]: e.currentTarget.value })}
						/>
					</Field>
				))}
				<button class="button button-main form-whole" type="submit" disabled={busy.value}>
					{t('contract.go')}
				</button>
			</form>
		</Dialog>
	);
}

// The server wants to know that what speaks against it is known. The focus is on the way back: Enter alone confirms nothing.
function Confirm() {
	const now = asking.value;
	const back = useRef<HTMLButtonElement>(null);
	useEffect(() => back.current?.focus(), [now]);
	if (!now) return null;
	const leave = (): void => void (asking.value = null);
	const go = async (): Promise<void> => {
		leave();
		await during(now.again());
	};
	return (
		<Dialog title={t('confirm.title')} close={leave}>
			<ul class="sentences">
				{now.objections.map((o) => (
					<li key={o.code} class="against">{sentence(o)}</li>
				))}
			</ul>
			<footer class="dialog-foot dialog-line">
				<button ref={back} class="button" type="button" onClick={leave}>
					{t('common.cancel')}
				</button>
				<button class="button button-main" type="button" disabled={busy.value} onClick={() => void go()}>
					{t('confirm.go')}
				</button>
			</footer>
		</Dialog>
	);
}

function Keys() {
	const groups = ['list', 'decide', 'document'] as const;
	return (
		<Dialog title={t('keys.title')} text={singleKeys.value ? undefined : t('keys.off')} close={shut} wide>
			<div class="keys">
				{groups.map((g) => (
					<section key={g}>
						<h3>{t(`keys.group.${g}`)}</h3>
						<dl>
							{bindings.filter((b) => b.group === g && b.action !== 'previous').map((b) => (
								<div key={b.action}>
									<dt>{(b.action === 'next' ? ['j', 'k', '↓', '↑'] : b.shown).map((k) => <kbd key={k} class="kbd">{k}</kbd>)}</dt>
									<dd>{t(b.words)}</dd>
								</div>
							))}
						</dl>
					</section>
				))}
			</div>
		</Dialog>
	);
}

export function Dialogs() {
	return (
		<>
			<Asked />
			<Confirm />
		</>
	);
}

function Asked() {
	switch (dialog.value) {
		case 'search': return <SearchDialog close={shut} />;
		case 'contract': return <NewContract />;
		case 'ignore': return <Ignore />;
		case 'postpone': return <Postpone />;
		case 'handover': return <HandOver />;
		case 'keys': return <Keys />;
		case 'bulk-assign':
		case 'bulk-ignore':
		case 'bulk-postpone': return <BulkDialog what={dialog.value} close={shut} />;
		case null: return null;
	}
}
