// parts/basic.tsx -- the small parts that every page is made of.
import type { ComponentChildren } from 'preact';
import { t } from '../text';
import { Icon, type IconName } from './icon';

export function Kbd({ children }: { children: ComponentChildren }) {
	return (
		<kbd class="kbd" aria-hidden="true">
			{children}
		</kbd>
	);
}

export function Badge({ tone = 'plain', icon, children, title }: { tone?: 'plain' | 'good' | 'warn' | 'bad' | 'accent'; icon?: IconName; children: ComponentChildren; title?: string }) {
	return (
		<span class={`badge badge-${tone}`} title={title}>
			{icon && <Icon name={icon} size={13} />}
			{children}
		</span>
	);
}

// Whether the customer can be told by push, as the push service said last; nothing if it said nothing.
export function Reach({ known, title }: { known: boolean | null | undefined; title?: string }) {
	if (known === null || known === undefined) return null;
	return (
		<Badge tone={known ? 'good' : 'plain'} icon="phone" title={title}>
			{t(known ? 'queue.reachable' : 'queue.unreachable')}
		</Badge>
	);
}

export function Empty({ icon, title, text, children, tone = 'plain' }: { icon: IconName; title: string; text?: string; children?: ComponentChildren; tone?: 'plain' | 'good' | 'bad' }) {
	return (
		<div class={`empty empty-${tone}`}>
			<span class="empty-sign">
				<Icon name={icon} size={28} />
			</span>
			<h2>{title}</h2>
			{text && <p>{text}</p>}
			{children && <div class="empty-acts">{children}</div>}
		</div>
	);
}

export function Failed({ text, again }: { text: string; again?: () => void }) {
	return (
		<div role="alert">
			<Empty icon="against" tone="bad" title={t('error.title')} text={text}>
				{again && (
					<button class="button" type="button" onClick={again}>
						<Icon name="refresh" size={16} /> {t('error.again')}
					</button>
				)}
			</Empty>
		</div>
	);
}

// Grey bars in the shape of what is to come.
export function Skeleton({ rows = 3, kind = 'text' }: { rows?: number; kind?: 'text' | 'row' | 'card' | 'page' }) {
	return (
		<div class={`skeleton skeleton-${kind}`} role="status">
			<span class="only-heard">{t('common.loading')}</span>
			{Array.from({ length: rows }, (_, i) => (
				<span key={i} class="skeleton-bar" />
			))}
		</div>
	);
}

export function PageHead({ title, text, children }: { title: string; text?: string; children?: ComponentChildren }) {
	return (
		<header class="page-head">
			<div>
				<h1>{title}</h1>
				{text && <p class="quiet">{text}</p>}
			</div>
			{children && <div class="page-acts">{children}</div>}
		</header>
	);
}
