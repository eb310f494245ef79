// state/portions.ts -- a selection larger than the server takes at once: sent in portions, one after the other, so that one sees how
// far it is and can stop between two of them. What is done stays done, whatever happens to the rest.
export const portionMost = 50; // the server takes 200; smaller ones show progress and stop sooner

export interface Portioned<T, A> {
	answers: A[];
	sent: number; // things whose portion was answered
	failed: unknown; // what ended it before its end; undefined: nothing did
	unanswered: T[]; // the portion that failed: if it is the answer that is missing, it may be done all the same
}

export interface Watch {
	stopped: () => boolean;
	progress: (sent: number, of: number) => void;
}

export async function inPortions<T, A>(all: readonly T[], send: (some: T[]) => Promise<A>, watch: Watch, most = portionMost): Promise<Portioned<T, A>> {
	const out: Portioned<T, A> = { answers: [], sent: 0, failed: undefined, unanswered: [] };
	watch.progress(0, all.length);
	while (out.sent < all.length && !watch.stopped()) {
		const some = all.slice(out.sent, out.sent + most);
		try {
			out.answers.push(await send(some));
		} catch (e) {
			out.failed = e;
			out.unanswered = some;
			break;
		}
		out.sent += some.length;
		watch.progress(out.sent, all.length);
	}
	return out;
}
