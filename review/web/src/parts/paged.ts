// parts/paged.ts -- a list that comes page by page, and anew when the line is back.
import { useEffect, useState } from 'preact/hooks';
import { onReturn, refusal } from '../state/session';
import type { Page } from '../types';

export interface Paged<T> {
	items: T[] | null; // null: not here yet
	failed: string | null;
	more: (() => void) | null; // null: that is all
	again: () => void;
	set: (change: (items: T[]) => T[]) => void;
}

// of: what the list depends on; when it changes, the list starts anew.
export function usePaged<T>(load: (cursor: string | null) => Promise<Page<T>>, of: readonly unknown[] = []): Paged<T> {
	const [items, setItems] = useState<T[] | null>(null);
	const [next, setNext] = useState<string | null>(null);
	const [failed, setFailed] = useState<string | null>(null);
	const [turn, setTurn] = useState(0);
	const again = (): void => setTurn((n) => n + 1);
	useEffect(() => {
		let mine = true;
		setFailed(null);
		load(null).then(
			(page) => {
				if (!mine) return;
				setItems(page.items);
				setNext(page.next);
			},
			(e: unknown) => mine && setFailed(refusal(e)),
		);
		return () => {
			mine = false;
		};
	}, [...of, turn]);
	useEffect(() => onReturn(again), []);
	const more = next
		? () => {
				const cursor = next;
				setNext(null);
				load(cursor).then(
					(page) => {
						setItems((before) => [...(before ?? []), ...page.items]);
						setNext(page.next);
					},
					(e: unknown) => {
						setNext(cursor);
						setFailed(refusal(e));
					},
				);
			}
		: null;
	return { items, failed, more, again, set: (change) => setItems((before) => before && change(before)) };
}

// One thing instead of a list.
export interface Asked<T> {
	value: T | null;
	failed: string | null;
	again: () => void;
}
export function useAsked<T>(load: (signal: AbortSignal) => Promise<T>, of: readonly unknown[] = []): Asked<T> {
	const [value, setValue] = useState<T | null>(null);
	const [failed, setFailed] = useState<string | null>(null);
	const [turn, setTurn] = useState(0);
	const again = (): void => setTurn((n) => n + 1);
	useEffect(() => {
		const stop = new AbortController();
		setFailed(null);
		load(stop.signal).then(setValue, (e: unknown) => stop.signal.aborted || setFailed(refusal(e)));
		return () => stop.abort();
	}, [...of, turn]);
	useEffect(() => onReturn(again), []);
	return { value, failed, again };
}
