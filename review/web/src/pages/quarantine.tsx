// pages/quarantine.tsx -- what of a connection nobody could read: the sentence, the place, what can be done, and trying again.
import { useState } from 'preact/hooks';
import { api } from '../api';
import { Failed, Skeleton } from '../parts/basic';
import { Icon } from '../parts/icon';
import { usePaged } from '../parts/paged';
import { toastRefusal } from '../state/session';
import { toast } from '../state/toast';
import type { Delivery } from '../types';
import { ageOf, dateTime, language, t } from '../text';

const words = (english: string | null, german: string | null): string => (language.value === 'de' ? german || english : english) ?? '';

function placeWords(d: Delivery): string | null {
	if (!d.place) return null;
	const { byte, line, column } = d.place;
	return line ? t('quarantine.line', { line, column: column ?? 1, byte }) : t('quarantine.byte', { byte });
}

function Row({ delivery: d, changed }: { delivery: Delivery; changed: (d: Delivery) => void }) {
	const [busy, setBusy] = useState(false);
	const retry = async (): Promise<void> => {
		setBusy(true);
		try {
			changed(await api.deliveryRetry(d.connection, d.shipment_id));
			toast(t('quarantine.asked', { name: d.shipment_id }), 'good');
		} catch (e) {
			toastRefusal(e);
		}
		setBusy(false);
	};
	const place = placeWords(d);
	return (
		<li>
			<div class="connection-head">
				<h4 class="number">{d.shipment_id}</h4>
				<span class="quiet" title={dateTime(d.since)}>{ageOf(d.since)}</span>
			</div>
			<p>{words(d.sentence, d.sentence_de)}</p>
			{place && <p class="quiet">{place}</p>}
			<p class="quiet">{words(d.next, d.next_de)}</p>
			<button class="button button-small" type="button" disabled={busy || d.paused || d.retry_asked_at !== null} onClick={() => void retry()}>
				<Icon name="refresh" size={14} /> {t('quarantine.retry')} <span class="only-heard">{d.shipment_id}</span>
			</button>
		</li>
	);
}

export function Quarantine({ connection }: { connection: string }) {
	const list = usePaged((cursor) => api.deliveries(connection, cursor), [connection]);
	const changed = (now: Delivery): void => list.set((items) => items.map((d) => (d.shipment_id === now.shipment_id ? now : d)));
	if (list.failed) return <Failed text={list.failed} again={list.again} />;
	if (!list.items) return <Skeleton rows={2} />;
	return (
		<>
			<ul class="quarantine" aria-label={t('quarantine.title')}>
				{list.items.map((d) => <Row key={d.shipment_id} delivery={d} changed={changed} />)}
			</ul>
			{list.more && <button class="button button-small" type="button" onClick={list.more}>{t('quarantine.more')}</button>}
		</>
	);
}
