// parts/toasts.tsx -- messages at the foot, with the countdown of what can be taken back.
import { useEffect, useState } from 'preact/hooks';
import { counts, dismiss, newestId, spoken, toasts, type Toast } from '../state/toast';
import { clock, soon, t } from '../text';
import { Kbd } from './basic';
import { Icon } from './icon';

function Countdown({ until }: { until: number }) {
	const [now, setNow] = useState(Date.now());
	useEffect(() => {
		const timer = setInterval(() => setNow(Date.now()), 1000);
		return () => clearInterval(timer);
	}, []);
	return (
		<span class="toast-clock" aria-hidden="true">
			{counts(until) ? t('undo.left', { time: clock((until - now) / 1000) }) : t('undo.until', { at: soon(new Date(until).toISOString()) })}
		</span>
	);
}

function One({ toast }: { toast: Toast }) {
	return (
		<li class={`toast toast-${toast.kind}`}>
			<Icon name={toast.kind === 'bad' ? 'against' : toast.kind === 'good' ? 'check' : 'bell'} />
			<span class="toast-text">{toast.text}</span>
			{toast.undo && (
				<button
					class="button button-small toast-act"
					type="button"
					onClick={() => {
						dismiss(toast.id);
						toast.undo?.act();
					}}
				>
					{t('act.undo')} <Kbd>u</Kbd>
					{toast.undo.until !== null && <Countdown until={toast.undo.until} />}
				</button>
			)}
			<button class="button button-plain button-icon button-small" type="button" aria-label={t('common.close')} onClick={() => dismiss(toast.id)}>
				<Icon name="close" size={14} />
			</button>
		</li>
	);
}

export function Toasts() {
	// What was said before a dialog took the messages over is not said again.
	const [before] = useState(newestId);
	const first = toasts.value[0];
	const newest = first && first.id > before ? first : undefined;
	return (
		<>
			{toasts.value.length > 0 && (
				<section aria-label={t('app.messages')}>
					<ol class="toasts">
						{toasts.value.map((toast) => (
							<One key={toast.id} toast={toast} />
						))}
					</ol>
				</section>
			)}
			<div class="only-heard" role="status" aria-live="polite">
				{newest?.kind !== 'bad' ? newest?.text : ''}
			</div>
			<div class="only-heard" role="alert">
				{newest?.kind === 'bad' ? newest.text : ''}
			</div>
			<div class="only-heard" role="status" aria-live="polite">
				{spoken.value}
			</div>
		</>
	);
}
