// parts/lead.tsx -- how much of the head start before the letter is left.
import type { Lead } from '../types';
import { said, soon, span, t } from '../text';

export function leadTone(lead: Lead | null): 'good' | 'warn' | 'bad' | 'none' {
	if (!lead) return 'none';
	if (lead.hours <= 0) return 'none';
	return lead.hours < 8 ? 'bad' : lead.hours < 24 ? 'warn' : 'good';
}

export function leadWords(lead: Lead | null): string {
	if (!lead) return t('lead.none');
	if (lead.hours <= 0) return t('lead.gone');
	return said(lead) || t('lead.left', { span: span(lead.hours * 3600) });
}

export function LeadBar({ lead }: { lead: Lead | null }) {
	const share = lead && lead.hours > 0 ? Math.min(1, Math.max(0.04, lead.share)) : 0;
	return (
		<span class={`lead lead-${leadTone(lead)}`} title={lead?.letter_at ? t('lead.letter', { at: soon(lead.letter_at) }) : undefined}>
			<svg class="lead-bar" viewBox="0 0 40 4" preserveAspectRatio="none" aria-hidden="true">
				<rect class="lead-whole" width="40" height="4" rx="2" />
				<rect class="lead-left" width={40 * share} height="4" rx="2" />
			</svg>
			<span class="lead-short">
				{lead && lead.hours > 0 ? (
					<>
						<span aria-hidden="true">{span(lead.hours * 3600)}</span>
						<span class="only-heard">{leadWords(lead)}</span>
					</>
				) : (
					leadWords(lead)
				)}
			</span>
		</span>
	);
}
