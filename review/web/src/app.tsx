// app.tsx -- the frame around every page: brand, sections, account, the state of the line.
import { type ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './parts/icon';
import { Empty, Failed, Skeleton } from './parts/basic';
import { Dialog, dialogsOpen } from './parts/dialog';
import { Toasts } from './parts/toasts';
import { pages, type PageRow } from './pages';
import { Login, LoginForm } from './pages/login';
import { live, liveStart } from './state/live';
import { counts, countsSoon } from './state/queue';
import { go, route, routeWrite } from './state/route';
import { expired, logout, may, me, online, refusal } from './state/session';
import { has, number, t } from './text';

const loaded = new Map<string, ComponentType>();
const mayOpen = (row: PageRow): boolean => row.scope === null || may(row.scope);
// Where one begins: the queue, or the first page that one may open.
const home = (): string => routeWrite(pages.find(mayOpen)?.page ?? 'settings');

function Section({ row }: { row: PageRow }) {
	const waiting = row.page === 'queue' ? counts.value?.queued : undefined;
	const here = route.value.page === row.page;
	const link = useRef<HTMLAnchorElement>(null);
	// On a phone there are more sections than room: the one that is open is in sight.
	useEffect(() => {
		if (here) link.current?.scrollIntoView({ block: 'nearest', inline: 'center' });
	}, [here]);
	return (
		<a ref={link} class="nav-link" href={routeWrite(row.page)} aria-current={here ? 'page' : undefined}>
			<Icon name={row.icon} />
			<span>{t(row.words)}</span>
			{waiting !== undefined && waiting > 0 && <span class="nav-count">{number(waiting)}</span>}
		</a>
	);
}

function Account() {
	const menu = useRef<HTMLDetailsElement>(null);
	const who = me.value;
	useEffect(() => {
		const shut = (e: Event): void => {
			const m = menu.current;
			if (!m?.open) return;
			if (e instanceof KeyboardEvent ? e.key === 'Escape' : !(e.target instanceof Node && m.contains(e.target))) m.open = false;
		};
		addEventListener('click', shut);
		addEventListener('keydown', shut);
		return () => {
			removeEventListener('click', shut);
			removeEventListener('keydown', shut);
		};
	}, []);
	if (!who) return null;
	const role = `role.${who.role}`;
	const initials = who.name.split(/\s+/).map((w) => w[0] ?? '').slice(0, 2).join('').toUpperCase();
	return (
		<details class="account" ref={menu}>
			<summary aria-label={t('nav.account', { name: who.name })}>
				<span class="account-sign" aria-hidden="true">{initials}</span>
				<span class="account-name">{who.name}</span>
			</summary>
			<div class="account-menu" onClick={() => menu.current && (menu.current.open = false)}>
				<p class="account-who">
					<strong>{who.name}</strong>
					<span class="quiet">{has(role) ? t(role) : who.role} · {who.broker}</span>
				</p>
				{pages.filter((p) => p.place === 'account' && mayOpen(p)).map((p) => (
					<a key={p.page} href={routeWrite(p.page)}>
						<Icon name={p.icon} /> {t(p.words)}
					</a>
				))}
				<button type="button" onClick={() => void logout()}>
					<Icon name="logout" /> {t('nav.logout')}
				</button>
			</div>
		</details>
	);
}

function Head() {
	// Who sees no documents has no stream of them: the line is up as long as the server answers.
	const up = online.value && (live.value || !may('documents'));
	return (
		<header class="top">
			<a class="brand" href={home()} aria-label="Vorpost">
				<svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
					<rect class="brand-ground" width="32" height="32" rx="7" />
					<path class="brand-mail" d="M7 11.5h13.5L25 16l-4.5 4.5H7z" />
					<path class="brand-fold" d="M7 11.5l6.5 4.8L7 20.5" />
					<circle class="brand-dot" cx="20" cy="16" r="1.5" />
				</svg>
				<span>Vorpost</span>
			</a>
			<nav class="nav" aria-label={t('app.nav')}>
				{pages.filter((p) => p.place === 'main' && mayOpen(p)).map((p) => (
					<Section key={p.page} row={p} />
				))}
			</nav>
			<span class={up ? 'line line-up' : 'line'} title={t(up ? 'line.live' : 'line.waiting')}>
				<span class="only-heard">{t(up ? 'line.live' : 'line.waiting')}</span>
			</span>
			<Account />
		</header>
	);
}

function Main() {
	const name = route.value.page;
	const row = pages.find((p) => p.page === name);
	const [, again] = useState(0);
	const [failed, setFailed] = useState<string | null>(null);
	const open = row && mayOpen(row);
	const elsewhere = name === 'queue' && !open; // without an address one is meant to begin, not to be refused
	useEffect(() => {
		if (elsewhere) go(home(), false);
	}, [elsewhere]);
	useEffect(() => {
		setFailed(null);
		if (!row || !open) return;
		document.title = `${t(row.words)} · Vorpost`;
		if (!loaded.has(row.page))
			row.load().then(
				(page) => {
					loaded.set(row.page, page);
					again((n) => n + 1);
				},
				(e: unknown) => setFailed(refusal(e)),
			);
	}, [name, open]);
	const Page = row && loaded.get(row.page);
	if (elsewhere) return null;
	if (!open)
		return (
			<Empty icon="help" title={t(row ? 'page.forbidden.title' : 'page.notfound.title')} text={t(row ? 'error.forbidden' : 'page.notfound.text')}>
				<a class="button" href={home()}>{t('page.notfound.go')}</a>
			</Empty>
		);
	if (failed) return <Failed text={failed} again={() => location.reload()} />;
	return Page ? <Page /> : <div class="page"><Skeleton rows={6} kind="card" /></div>;
}

// The line belongs to the frame: on every page the count beside the queue goes on, and the sign tells the truth.
function useLive(): void {
	const who = may('documents') ? me.value?.user : undefined;
	useEffect(() => {
		if (!who) return;
		countsSoon();
		return liveStart();
	}, [who]);
}

export function App() {
	useLive();
	if (me.value === undefined)
		return online.value ? (
			<main key="start" class="start"><Skeleton rows={1} /></main>
		) : (
			<main key="start" class="start"><Empty icon="offline" title={t('line.waiting')} text={t('line.offline')} /></main>
		);
	if (me.value === null)
		return (
			<>
				<Login />
				{!dialogsOpen.value.length && <Toasts />}
			</>
		);
	return (
		<>
			<a class="skip" href="#main" onClick={(e) => { e.preventDefault(); document.getElementById('main')?.focus(); }}>{t('app.skip')}</a>
			<Head />
			{!online.value && (
				<p class="offline" role="status">
					<Icon name="offline" /> {t('line.offline')}
				</p>
			)}
			<main key="main" id="main" class={`main main-${route.value.page}`} tabIndex={-1}>
				<Main />
			</main>
			{!dialogsOpen.value.length && <Toasts />}
			{expired.value && (
				<Dialog title={t('login.title')} text={t('error.expired')} close={() => {}} fixed>
					<LoginForm user={me.value.user} />
				</Dialog>
			)}
		</>
	);
}
