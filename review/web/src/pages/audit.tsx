// pages/audit.tsx -- who decided and who looked at what, latest first. For the lead.
import { useState } from 'preact/hooks';
import { api } from '../api';
import { Empty, Failed, PageHead, Skeleton } from '../parts/basic';
import { usePaged } from '../parts/paged';
import { routeWrite } from '../state/route';
import { vocabulary } from '../state/session';
import type { AuditEntry } from '../types';
import { dateTime, said, t } from '../text';

const isDocument = (of: string | null): of is string => !!of && /^[0-9a-f]{8}-[0-9a-f]{4}-/.test(of);
const words = (action: string): string => said(vocabulary.value?.audit_actions?.find((a) => a.code === action)) || action;

function Row({ entry: a }: { entry: AuditEntry }) {
	return (
		<tr>
			<td class="nowrap">{dateTime(a.at)}</td>
			<td data-label={t('audit.user')}>{a.user}</td>
			<td data-label={t('audit.action')}>{words(a.action)}</td>
			<td data-label={t('audit.detail')}>{isDocument(a.object) ? <a href={routeWrite('queue', a.object)} aria-label={`${t('doc.title')} ${a.object}`}>{t('doc.title')}</a> : a.object}</td>
			<td data-label={t('audit.address')} class="quiet">{a.address}</td>
		</tr>
	);
}

function Filters({ user, action, set }: { user: string; action: string; set: (user: string, action: string) => void }) {
	return (
		<>
			<select class="input" aria-label={t('audit.action')} value={action} onChange={(e) => set(user, e.currentTarget.value)}>
				<option value="">{t('audit.action.all')}</option>
				{vocabulary.value?.audit_actions?.map((a) => <option key={a.code} value={a.code}>{said(a)}</option>)}
			</select>
			<input class="input" type="search" aria-label={t('audit.user')} placeholder={t('users.user')} value={user} onChange={(e) => set(e.currentTarget.value.trim(), action)} />
		</>
	);
}

export function AuditPage() {
	const [user, setUser] = useState('');
	const [action, setAction] = useState('');
	const list = usePaged<AuditEntry>((cursor) => api.audit({ user, action }, cursor), [user, action]);
	return (
		<div class="page">
			<PageHead title={t('audit.title')} text={t('audit.text')}>
				<Filters user={user} action={action} set={(u, a) => (setUser(u), setAction(a))} />
			</PageHead>
			{list.failed && !list.items ? <Failed text={list.failed} again={list.again} /> : !list.items ? <Skeleton rows={8} kind="row" /> : !list.items.length ? <Empty icon="audit" title={t('audit.empty')} /> : (
				<div class="table-box" role="region" aria-label={t('audit.title')} tabIndex={0}>
					<table class="table table-cards">
						<thead><tr><th>{t('audit.at')}</th><th>{t('audit.user')}</th><th>{t('audit.action')}</th><th>{t('audit.detail')}</th><th>{t('audit.address')}</th></tr></thead>
						<tbody>{list.items.map((a, i) => <Row key={i} entry={a} />)}</tbody>
					</table>
				</div>
			)}
			{list.more && <button class="button" type="button" onClick={list.more}>{t('common.more')}</button>}
		</div>
	);
}
