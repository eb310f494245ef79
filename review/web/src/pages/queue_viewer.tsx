// pages/queue_viewer.tsx -- the file itself: PDF by pdf.js (loaded when first needed), pictures, text; anything else can be saved.
import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../api';
import { Empty, Skeleton } from '../parts/basic';
import { Icon } from '../parts/icon';
import type { PdfProps } from '../parts/pdf';
import { afterPaint } from '../state/paint';
import type { Document, TextLayer } from '../types';
import { t } from '../text';

// What the keys do with whatever is shown.
export interface ViewerKeys {
	pageDown: () => boolean;
	zoom: () => void;
}
export const viewer = signal<ViewerKeys | null>(null);

// Sizes to step through; null: as wide as there is room.
export const zooms = [null, 1, 1.5, 2] as const;

type Kind = 'pdf' | 'picture' | 'text' | 'none' | 'data' | 'other';

export function kindOf(file: Document['file']): Kind {
	const type = (file.media_type ?? '').split(';')[0]?.trim().toLowerCase();
	if (file.data) return 'data';
	if (!file.size) return 'none';
	if (type === 'application/pdf') return 'pdf';
	if (type === 'image/png' || type === 'image/jpeg') return 'picture';
	if (type === 'text/plain') return 'text';
	return 'other';
}

// It cannot be shown: because it is not what it says, or because it is not there at all.
function Broken({ id }: { id: string }) {
	const [absent, setAbsent] = useState(false);
	useEffect(() => {
		const stop = new AbortController();
		api.absent(id, stop.signal).then((is) => stop.signal.aborted || setAbsent(is), () => {});
		return () => stop.abort();
	}, [id]);
	return absent ? <Empty icon="file" tone="bad" title={t('doc.absent.title')} text={t('doc.absent.text')} /> : <Empty icon="file" tone="bad" title={t('doc.broken.title')} text={t('doc.broken.text')} />;
}

function Picture({ id, zoom }: { id: string; zoom: number | null }) {
	const [broken, setBroken] = useState(false);
	if (broken) return <Broken id={id} />;
	return <img class={zoom === null ? 'picture' : 'picture picture-full'} src={api.bytesPath(id)} alt={t('doc.viewer')} onError={() => setBroken(true)} />;
}

function Plain({ id }: { id: string }) {
	const [text, setText] = useState<string | null | undefined>(undefined);
	useEffect(() => {
		const stop = new AbortController();
		api.bytes(id, stop.signal).then((b) => setText(new TextDecoder().decode(b)), () => stop.signal.aborted || setText(null));
		return () => stop.abort();
	}, [id]);
	if (text === undefined) return <Skeleton rows={1} kind="page" />;
	return text === null ? <Broken id={id} /> : <pre class="plain">{text}</pre>;
}

let Pdf: ComponentType<PdfProps> | null = null;

function PdfLater(props: PdfProps) {
	const [ready, setReady] = useState(false);
	const [broken, setBroken] = useState(false);
	// Only when the candidates are on the screen: deciding does not wait for the picture.
	useEffect(
		() =>
			afterPaint(() => {
				if (Pdf) return setReady(true);
				import('../parts/pdf').then(
					(m) => {
						Pdf = m.Pdf;
						setReady(true);
					},
					() => setBroken(true),
				);
			}),
		[],
	);
	if (broken) return <Broken id={props.id} />;
	return ready && Pdf ? <Pdf {...props} /> : <Skeleton rows={1} kind="page" />;
}

// Where the text layer found the number; most files have none, and that is no error.
function useText(d: Document): TextLayer | null {
	const [text, setText] = useState<TextLayer | null>(null);
	useEffect(() => {
		setText(null);
		if (!d.text?.pages) return;
		const stop = new AbortController();
		api.text(d.document_id, stop.signal).then(setText, () => {});
		return () => stop.abort();
	}, [d.document_id, d.text?.pages]);
	return text;
}

function Shown({ document: d, kind, zoom, text, place }: { document: Document; kind: Kind; zoom: number | null; text: TextLayer | null; place: (page: number, of: number) => void }) {
	switch (kind) {
		case 'pdf': return <PdfLater key={d.document_id} id={d.document_id} zoom={zoom} text={text} place={place} broken={<Broken id={d.document_id} />} />;
		case 'picture': return <Picture key={d.document_id} id={d.document_id} zoom={zoom} />;
		case 'text': return <Plain key={d.document_id} id={d.document_id} />;
		case 'none': return <Empty icon="file" title={t('doc.missing.title')} text={t('doc.missing.text')} />;
		case 'data': return <Empty icon="file" title={t('doc.missing.title')} text={t('doc.data.text')} />;
		case 'other': return <Empty icon="file" title={t('doc.unshown.title', { type: d.file.media_type ?? t('common.unknown') })} text={t('doc.unshown.text')} />;
	}
}

export function Viewer({ document: d }: { document: Document }) {
	const [zoomAt, setZoomAt] = useState(0);
	const [page, setPage] = useState<{ at: number; of: number } | null>(null);
	const box = useRef<HTMLDivElement>(null);
	const text = useText(d);
	const kind = kindOf(d.file);
	const zoom = zooms[zoomAt % zooms.length] ?? null;
	useEffect(() => setPage(null), [d.document_id]);
	useEffect(() => {
		viewer.value = {
			zoom: () => setZoomAt((z) => z + 1),
			pageDown: () => {
				const b = box.current;
				if (!b) return false;
				// At the end it starts again, so that one key is enough to look through.
				if (b.scrollTop + b.clientHeight >= b.scrollHeight - 4) b.scrollTop = 0;
				else b.scrollBy({ top: b.clientHeight * 0.85 });
				return true;
			},
		};
		return () => {
			viewer.value = null;
		};
	}, []);
	const found = text?.highlights[0];
	return (
		<section class="viewer" aria-label={t('doc.viewer')}>
			<div class="viewer-bar">
				<span class="viewer-found">
					{found && (
						<>
							<span class="swatch" /> {t('doc.found', { page: found.page })}
						</>
					)}
				</span>
				{page && <span>{t('doc.pages', page)}</span>}
				{(kind === 'pdf' || kind === 'picture') && (
					<button class="button button-plain button-small" type="button" onClick={() => setZoomAt((z) => z + 1)}>
						<Icon name="zoom" size={15} /> {zoom === null ? t('doc.zoom.fit') : `${zoom * 100} %`}
					</button>
				)}
				{kind !== 'none' && (
					<a class="button button-plain button-icon button-small" href={api.bytesPath(d.document_id)} download={d.file.name ?? ''} aria-label={t('doc.download')}>
						<Icon name="download" size={15} />
					</a>
				)}
			</div>
			<div class="viewer-box" ref={box} tabIndex={0} role="group" aria-label={d.file.name ?? t('doc.viewer')}>
				<Shown document={d} kind={kind} zoom={zoom} text={text} place={(at, of) => setPage({ at, of })} />
			</div>
		</section>
	);
}
