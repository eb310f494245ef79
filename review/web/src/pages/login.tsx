// pages/login.tsx -- user and password, or the company's account, which the proxy knows. The same form opens over the page when a session ended.
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, path, Refused } from '../api';
import { Field } from '../parts/dialog';
import { login, refusal } from '../state/session';
import { language, t } from '../text';

function wrong(e: unknown): string {
	if (e instanceof Refused && e.status === 401) return t('login.wrong');
	if (e instanceof Refused && e.status === 429 && e.problem.retry_after) return t('login.throttled', { seconds: e.problem.retry_after });
	return refusal(e);
}

export function LoginForm({ user: known }: { user?: string }) {
	const [user, setUser] = useState(known ?? '');
	const [password, setPassword] = useState('');
	const [shown, setShown] = useState(false);
	const [busy, setBusy] = useState(false);
	const [error, setError] = useState<string | null>(null);
	const [proxy, setProxy] = useState(false);
	const first = useRef<HTMLInputElement>(null);
	useEffect(() => {
		first.current?.focus();
		api.options().then((o) => setProxy(o.proxy), () => {});
	}, []);
	const send = async (e: Event): Promise<void> => {
		e.preventDefault();
		if (busy) return;
		setBusy(true);
		setError(null);
		try {
			await login(user.trim(), password);
		} catch (e) {
			setError(wrong(e));
			setPassword('');
			first.current?.focus();
		}
		setBusy(false);
	};
	return (
		<form class="form" onSubmit={(e) => void send(e)}>
			{error && (
				<p class="form-error" role="alert">
					{error}
				</p>
			)}
			<Field label={t('login.user')}>
				<input ref={known ? undefined : first} class="input" name="user" autocomplete="username" autocapitalize="none" spellcheck={false} required value={user} onInput={(e) => setUser(e.currentTarget.value)} />
			</Field>
			<Field label={t('login.password')}>
				<input
					ref={known ? first : undefined}
					class="input"
					name="password"
					type={shown ? 'text' : 'password'}
					autocomplete="current-password"
					required
					value={password}
					onInput={(e) => setPassword(e.currentTarget.value)}
				/>
			</Field>
			<label class="check">
				<input type="checkbox" checked={shown} onChange={(e) => setShown(e.currentTarget.checked)} /> {t('login.show')}
			</label>
			<button class="button button-main button-wide" type="submit" disabled={busy}>
				{t('login.go')}
			</button>
			{proxy && (
				<a class="button button-wide" href={path('/login/proxy') + location.hash}>
					{t('login.proxy')}
				</a>
			)}
		</form>
	);
}

export function Login() {
	return (
		<main class="login">
			<section class="login-box">
				<p class="login-brand">
					<svg viewBox="0 0 32 32" width="40" height="40" aria-hidden="true">
						<rect class="brand-ground" width="32" height="32" rx="7" />
						<path class="brand-mail" d="M7 11.5h13.5L25 16l-4.5 4.5H7z" />
						<path class="brand-fold" d="M7 11.5l6.5 4.8L7 20.5" />
						<circle class="brand-dot" cx="20" cy="16" r="1.5" />
					</svg>
					<span>Vorpost</span>
				</p>
				<h1>{t('login.title')}</h1>
				<p class="quiet">{t('login.lead')}</p>
				<LoginForm />
			</section>
			<p class="login-language">
				<button type="button" class="button button-plain" lang={language.value === 'de' ? 'en' : 'de'} onClick={() => (language.value = language.value === 'de' ? 'en' : 'de')}>
					{language.value === 'de' ? 'English' : 'Deutsch'}
				</button>
			</p>
		</main>
	);
}
