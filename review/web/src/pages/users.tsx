// pages/users.tsx -- who may work here: accounts, roles, locks, new passwords. For the lead.
import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../api';
import { Badge, Empty, Failed, PageHead, Skeleton } from '../parts/basic';
import { Dialog, Field } from '../parts/dialog';
import { Icon } from '../parts/icon';
import { usePaged } from '../parts/paged';
import { me, refusal, toastRefusal } from '../state/session';
import { toast } from '../state/toast';
import type { Role, Session, User } from '../types';
import { ageOf, dateTime, t } from '../text';

const roles: Role[] = ['clerk', 'lead', 'operator', 'read-only'];

function Add({ close, added }: { close: () => void; added: (u: User) => void }) {
	const [v, set] = useState({ user: '', name: '', role: 'clerk', password: '' });
	const [error, setError] = useState<string | null>(null);
	const first = useRef<HTMLInputElement>(null);
	useEffect(() => first.current?.focus(), []);
	const send = async (e: Event): Promise<void> => {
		e.preventDefault();
		setError(null);
		try {
			added(await api.userAdd(v));
			toast(t('users.added', { name: v.name || v.user }), 'good');
			close();
		} catch (e) {
			setError(refusal(e));
		}
	};
	return (
		<Dialog title={t('users.add')} close={close}>
			<form class="form" onSubmit={(e) => void send(e)}>
				{error && <p class="form-error" role="alert">{error}</p>}
				<Field label={t('users.name')}>
					<input ref={first} class="input" required maxLength={200} value={v.name} onInput={(e) => set({ ...v, name: e.currentTarget.value })} />
				</Field>
				<Field label={t('users.user')}>
					<input class="input" required maxLength={64} pattern="[a-z0-9][a-z0-9._\-]*" autocapitalize="none" spellcheck={false} value={v.user} onInput={(e) => set({ ...v, user: e.currentTarget.value })} />
				</Field>
				<Field label={t('users.role')}>
					<select class="input" value={v.role} onChange={(e) => set({ ...v, role: e.currentTarget.value })}>
						{roles.map((r) => <option key={r} value={r}>{t(`role.${r}`)}</option>)}
					</select>
				</Field>
				<Field label={t('users.password.first')} hint={t('settings.password.rule')}>
					<input class="input" type="password" required minLength={12} autocomplete="new-password" value={v.password} onInput={(e) => set({ ...v, password: e.currentTarget.value })} />
				</Field>
				<button class="button button-main" type="submit">{t('users.add')}</button>
			</form>
		</Dialog>
	);
}

function Sessions({ user }: { user: string }) {
	const list = usePaged<Session>(() => api.sessions(user), [user]);
	const end = async (id: string): Promise<void> => {
		try {
			await api.sessionEnd(id);
			list.set((all) => all.filter((s) => s.session_id !== id));
		} catch (e) {
			toastRefusal(e);
		}
	};
	return (
		<section>
			<h3>{t('settings.sessions')}</h3>
			{!list.items ? <Skeleton rows={2} /> : !list.items.length ? <p class="quiet">{t('common.none')}</p> : (
				<ul class="plain-list">
					{list.items.map((s) => (
						<li key={s.session_id}>
							<span>
								{s.address ?? t('common.unknown')} · {t('settings.session.seen', { age: ageOf(s.last_used_at) })} {s.current && <Badge tone="accent">{t('settings.session.this')}</Badge>}
							</span>
							{!s.current && <button class="button button-small" type="button" onClick={() => void end(s.session_id)}>{t('settings.session.end')}</button>}
						</li>
					))}
				</ul>
			)}
		</section>
	);
}

function Change({ user: u, close, changed }: { user: User; close: () => void; changed: (u: User) => void }) {
	const [name, setName] = useState(u.name);
	const [role, setRole] = useState<string>(u.role);
	const [password, setPassword] = useState('');
	const [error, setError] = useState<string | null>(null);
	const own = u.user === me.value?.user;
	const send = async (change: Parameters<typeof api.userChange>[1]): Promise<void> => {
		setError(null);
		try {
			changed(await api.userChange(u.user, change));
			toast(t('users.changed', { name: u.name }), 'good');
			close();
		} catch (e) {
			setError(refusal(e));
		}
	};
	return (
		<Dialog title={u.name} text={u.user} close={close}>
			<form
				class="form"
				onSubmit={(e) => {
					e.preventDefault();
					void send({ name, ...(role !== u.role ? { role } : {}), ...(password ? { password } : {}) });
				}}
			>
				{error && <p class="form-error" role="alert">{error}</p>}
				<Field label={t('users.name')}>
					<input class="input" required maxLength={200} value={name} onInput={(e) => setName(e.currentTarget.value)} />
				</Field>
				<Field label={t('users.role')}>
					<select class="input" value={role} disabled={own} onChange={(e) => setRole(e.currentTarget.value)}>
						{roles.map((r) => <option key={r} value={r}>{t(`role.${r}`)}</option>)}
					</select>
				</Field>
				<Field label={t('users.password')} hint={t('common.optional')}>
					<input class="input" type="password" minLength={12} autocomplete="new-password" value={password} onInput={(e) => setPassword(e.currentTarget.value)} />
				</Field>
				<div class="dialog-line">
					<button class="button button-main" type="submit">{t('common.save')}</button>
					{!own && (
						<button class="button" type="button" onClick={() => void send({ disabled: !u.disabled })}>
							{t(u.disabled ? 'users.enable' : 'users.disable')}
						</button>
					)}
				</div>
			</form>
			<Sessions user={u.user} />
		</Dialog>
	);
}

export function UsersPage() {
	const list = usePaged<User>((cursor) => api.users(cursor));
	const [adding, setAdding] = useState(false);
	const [open, setOpen] = useState<User | null>(null);
	const put = (u: User): void => list.set((all) => (all.some((x) => x.user === u.user) ? all.map((x) => (x.user === u.user ? u : x)) : [...all, u]));
	return (
		<div class="page">
			<PageHead title={t('users.title')}>
				<button class="button button-main" type="button" onClick={() => setAdding(true)}><Icon name="plus" size={16} /> {t('users.add')}</button>
			</PageHead>
			{list.failed && !list.items ? <Failed text={list.failed} again={list.again} /> : !list.items ? <Skeleton rows={4} kind="row" /> : !list.items.length ? <Empty icon="users" title={t('users.empty')} /> : (
				<div class="table-box" role="region" aria-label={t('users.title')} tabIndex={0}>
					<table class="table table-cards">
						<thead><tr><th>{t('users.name')}</th><th>{t('users.user')}</th><th>{t('users.role')}</th><th>{t('users.state')}</th><th>{t('users.last')}</th></tr></thead>
						<tbody>
							{list.items.map((u) => (
								<tr key={u.user}>
									<td><button class="link" type="button" onClick={() => setOpen(u)}>{u.name}</button></td>
									<td data-label={t('users.user')}>{u.user}</td>
									<td data-label={t('users.role')}>{t(`role.${u.role}`)}</td>
									<td data-label={t('users.state')}><Badge tone={u.disabled ? 'bad' : 'good'}>{t(u.disabled ? 'users.disabled' : 'users.active')}</Badge></td>
									<td data-label={t('users.last')} title={dateTime(u.last_login_at)}>{u.last_login_at ? ageOf(u.last_login_at) : t('users.never')}</td>
								</tr>
							))}
						</tbody>
					</table>
				</div>
			)}
			{list.more && <button class="button" type="button" onClick={list.more}>{t('common.more')}</button>}
			{adding && <Add close={() => setAdding(false)} added={put} />}
			{open && <Change user={open} close={() => setOpen(null)} changed={put} />}
		</div>
	);
}
