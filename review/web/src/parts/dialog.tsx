// parts/dialog.tsx -- a question over the page: the browser's own dialog keeps the focus inside and gives it back.
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../text';
import { Icon } from './icon';
import { Toasts } from './toasts';

// Those that are open, the topmost last. Messages are shown in it: behind it they could neither be read nor pressed.
export const dialogsOpen = signal<readonly string[]>([]);

export function Dialog({ title, text, close, children, wide, fixed }: { title: string; text?: string; close: () => void; children: ComponentChildren; wide?: boolean; fixed?: boolean }) {
	const box = useRef<HTMLDialogElement>(null);
	const name = useId();
	// Before the effects of what is inside, which may choose what has the focus first.
	useLayoutEffect(() => {
		const dialog = box.current;
		const before = document.activeElement;
		if (dialog && !dialog.open) dialog.showModal();
		dialogsOpen.value = [...dialogsOpen.value, name];
		return () => {
			dialogsOpen.value = dialogsOpen.value.filter((d) => d !== name);
			dialog?.close();
			if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
		};
	}, []);
	return (
		<dialog
			ref={box}
			class={wide ? 'dialog dialog-wide' : 'dialog'}
			aria-labelledby={name}
			onCancel={(e) => {
				e.preventDefault();
				if (!fixed) close();
			}}
			onMouseDown={(e) => {
				if (e.target === box.current && !fixed) close();
			}}
		>
			<div class="dialog-inside">
				<header class="dialog-head">
					<div>
						<h2 id={name}>{title}</h2>
						{text && <p class="quiet">{text}</p>}
					</div>
					{!fixed && (
						<button class="button button-plain button-icon" type="button" aria-label={t('common.close')} onClick={close}>
							<Icon name="close" />
						</button>
					)}
				</header>
				{children}
			</div>
			{dialogsOpen.value.at(-1) === name && <Toasts />}
		</dialog>
	);
}

export function Field({ label, hint, children, error }: { label: string; hint?: string; error?: string | null; children: ComponentChildren }) {
	return (
		<label class="field">
			<span class="field-label">
				{label}
				{hint && <span class="quiet"> · {hint}</span>}
			</span>
			{children}
			{error && (
				<span class="field-error" role="alert">
					{error}
				</span>
			)}
		</label>
	);
}
