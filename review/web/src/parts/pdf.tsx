// parts/pdf.tsx -- a PDF page by page on canvases, with the number marked where the text layer found it. Pages are drawn when
// they come into sight. Scripts of documents never run: pdf.js is given no sandbox for them and no eval.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { getDocument, GlobalWorkerOptions, PDFWorker, type PDFDocumentProxy, type PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { api } from '../api';
import type { TextHighlight, TextLayer } from '../types';
import { Skeleton } from './basic';
import { t } from '../text';

declare const PDF_FOLDER: string;
GlobalWorkerOptions.workerSrc = `${PDF_FOLDER}worker.js`;
let worker: PDFWorker | null = null; // one for all documents: starting it is what takes time

export interface PdfProps {
	id: string;
	zoom: number | null;
	text: TextLayer | null;
	place: (page: number, of: number) => void;
	broken: ComponentChildren;
}

const pointsToPixels = 96 / 72;
const mostPixels = 16_000_000; // of one canvas

function draw(page: PDFPageProxy, canvas: HTMLCanvasElement, scale: number): { cancel: () => void; done: Promise<void> } {
	const sharp = Math.min(devicePixelRatio || 1, 2);
	const plain = page.getViewport({ scale });
	const fits = Math.min(1, Math.sqrt(mostPixels / (plain.width * plain.height * sharp * sharp)));
	const viewport = page.getViewport({ scale: scale * sharp * fits });
	canvas.width = Math.floor(viewport.width);
	canvas.height = Math.floor(viewport.height);
	const task = page.render({ canvas, viewport, background: '#fff' });
	return { cancel: () => task.cancel(), done: task.promise };
}

function Marks({ marks, width, height }: { marks: TextHighlight[]; width: number; height: number }) {
	return (
		<svg class="pdf-marks" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
			{marks.map(({ box: [x0, y0, x1, y1] }, i) => (
				<rect key={i} x={x0 - 2} y={y0 - 1.5} width={x1 - x0 + 4} height={y1 - y0 + 3} rx="2" />
			))}
		</svg>
	);
}

function Sheet({ pdf, at, zoom, room, text, seen }: { pdf: PDFDocumentProxy; at: number; zoom: number | null; room: number; text: TextLayer | null; seen: (at: number) => void }) {
	const box = useRef<HTMLDivElement>(null);
	const canvas = useRef<HTMLCanvasElement>(null);
	const [near, setNear] = useState(at === 1);
	const [page, setPage] = useState<PDFPageProxy | null>(null);
	useEffect(() => {
		if (!box.current) return;
		const nearby = new IntersectionObserver((e) => e.some((x) => x.isIntersecting) && setNear(true), { rootMargin: '600px' });
		const inside = new IntersectionObserver((e) => e.some((x) => x.isIntersecting) && seen(at), { threshold: 0.4 });
		nearby.observe(box.current);
		inside.observe(box.current);
		return () => {
			nearby.disconnect();
			inside.disconnect();
		};
	}, []);
	useEffect(() => {
		if (near) pdf.getPage(at).then(setPage, () => {});
	}, [near]);
	const size = page?.getViewport({ scale: 1 });
	const scale = size ? (zoom === null ? Math.max(0.2, Math.min(2.5, room / size.width)) : zoom * pointsToPixels) : 1;
	useEffect(() => {
		if (!page || !canvas.current || room <= 0) return;
		const drawing = draw(page, canvas.current, scale);
		drawing.done.catch(() => {});
		return drawing.cancel;
	}, [page, scale, room]);
	const marks = text?.highlights.filter((h) => h.page === at) ?? [];
	const layer = text?.pages.find((p) => p.page === at);
	const width = size ? size.width * scale : Math.max(200, room);
	const height = size ? size.height * scale : width * 1.414;
	return (
		<div ref={box} class="sheet" style={{ width: `${width}px`, height: `${height}px` }} data-drawn={page ? 'yes' : 'no'}>
			<canvas ref={canvas} role="img" aria-label={t('doc.pages', { at, of: pdf.numPages })} />
			{marks.length > 0 && size && <Marks marks={marks} width={layer?.width ?? size.width} height={layer?.height ?? size.height} />}
		</div>
	);
}

async function opened(id: string, signal: AbortSignal): Promise<PDFDocumentProxy> {
	const data = await api.bytes(id, signal);
	if (!worker || worker.destroyed) worker = new PDFWorker();
	return getDocument({
		data,
		worker,
		isEvalSupported: false,
		enableXfa: false,
		useWasm: false,
		useSystemFonts: false,
		standardFontDataUrl: `${PDF_FOLDER}standard_fonts/`,
		cMapUrl: `${PDF_FOLDER}cmaps/`,
		cMapPacked: true,
		wasmUrl: `${PDF_FOLDER}wasm/`,
		verbosity: 0,
	}).promise;
}

export function Pdf({ id, zoom, text, place, broken }: PdfProps) {
	const box = useRef<HTMLDivElement>(null);
	const [pdf, setPdf] = useState<PDFDocumentProxy | null | undefined>(undefined);
	const [room, setRoom] = useState(0);
	useEffect(() => {
		const stop = new AbortController();
		let mine: PDFDocumentProxy | null = null;
		opened(id, stop.signal).then(
			(p) => {
				if (stop.signal.aborted) return void p.destroy();
				mine = p;
				setPdf(p);
				place(1, p.numPages);
			},
			() => stop.signal.aborted || setPdf(null),
		);
		return () => {
			stop.abort();
			void mine?.destroy();
		};
	}, [id]);
	useEffect(() => {
		if (!box.current) return;
		const sizes = new ResizeObserver(([e]) => e && setRoom(Math.floor(e.contentRect.width)));
		sizes.observe(box.current);
		return () => sizes.disconnect();
	}, []);
	return (
		<div ref={box} class="pdf" data-state={pdf === undefined ? 'loading' : pdf ? 'shown' : 'broken'}>
			{pdf === null && broken}
			{pdf === undefined && <Skeleton rows={1} kind="page" />}
			{pdf && room > 0 && Array.from({ length: pdf.numPages }, (_, i) => <Sheet key={i} pdf={pdf} at={i + 1} zoom={zoom} room={room} text={text} seen={(at) => place(at, pdf.numPages)} />)}
		</div>
	);
}
