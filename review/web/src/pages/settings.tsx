// pages/settings.tsx -- what belongs to this device and this person: language, colours, keys, password.
import { useState } from 'preact/hooks';
import { PageHead } from '../parts/basic';
import { Field } from '../parts/dialog';
import { me, passwordChange, refusal } from '../state/session';
import { scheme, singleKeys, type Scheme } from '../state/settings';
import { toast } from '../state/toast';
import { language, t, type Language } from '../text';

function Choice<T extends string>({ label, value, of, set }: { label: string; value: T; of: [T, string][]; set: (v: T) => void }) {
	return (
		<fieldset class="segments">
			<legend class="field-label">{label}</legend>
			<div>
				{of.map(([v, words]) => (
					<label key={v} class="segment">
						<input type="radio" name={label} checked={value === v} onChange={() => set(v)} />
						<span>{words}</span>
					</label>
				))}
			</div>
		</fieldset>
	);
}

function Password() {
	const [current, setCurrent] = useState('');
	const [password, setPassword] = useState('');
	const [error, setError] = useState<string | null>(null);
	const send = async (e: Event): Promise<void> => {
		e.preventDefault();
		setError(null);
		try {
			await passwordChange(current, password);
			setCurrent('');
			setPassword('');
			toast(t('settings.password.done'), 'good');
		} catch (e) {
			setError(refusal(e));
		}
	};
	return (
		<section class="card">
			<h2>{t('settings.password')}</h2>
			<form class="form" onSubmit={(e) => void send(e)}>
				<input class="only-heard" type="text" name="username" autocomplete="username" value={me.value?.user} readOnly tabIndex={-1} aria-hidden="true" />
				<Field label={t('settings.password.old')}>
					<input class="input" type="password" autocomplete="current-password" required value={current} onInput={(e) => setCurrent(e.currentTarget.value)} />
				</Field>
				<Field label={t('settings.password.new')} hint={t('settings.password.rule')} error={error}>
					<input class="input" type="password" autocomplete="new-password" required minLength={12} value={password} onInput={(e) => setPassword(e.currentTarget.value)} />
				</Field>
				<button class="button button-main" type="submit">{t('settings.password')}</button>
			</form>
		</section>
	);
}

export function SettingsPage() {
	return (
		<div class="page page-narrow">
			<PageHead title={t('nav.settings')} />
			<section class="card">
				<h2>{t('settings.looks')}</h2>
				<div class="form">
					<Choice<Language> label={t('settings.language')} value={language.value} of={[['de', 'Deutsch'], ['en', 'English']]} set={(v) => (language.value = v)} />
					<Choice<Scheme>
						label={t('settings.scheme')}
						value={scheme.value}
						of={[['auto', t('settings.scheme.auto')], ['light', t('settings.scheme.light')], ['dark', t('settings.scheme.dark')]]}
						set={(v) => (scheme.value = v)}
					/>
					<label class="check">
						<input type="checkbox" checked={singleKeys.value} onChange={(e) => (singleKeys.value = e.currentTarget.checked)} />
						<span>
							{t('settings.keys')}
							<span class="quiet check-more">{t('settings.keys.text')}</span>
						</span>
					</label>
				</div>
			</section>
			<Password />
		</div>
	);
}
