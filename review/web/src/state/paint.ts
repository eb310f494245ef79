// state/paint.ts -- what can wait until the change of this moment is on the screen.
export function afterPaint(act: () => void): () => void {
	let timer = 0;
	const frame = requestAnimationFrame(() => (timer = window.setTimeout(act)));
	return () => {
		cancelAnimationFrame(frame);
		clearTimeout(timer);
	};
}
export const painted = (): Promise<void> => new Promise((done) => void afterPaint(done));
