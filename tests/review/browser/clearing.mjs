// clearing.mjs -- a whole queue by keyboard alone: keys per document where the first candidate is right (by label: VORPOST_LABELS
// has whose letter each is in truth), and the time that the page takes between a key and the next document being there to decide.
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { atDesk, holds, leave, openId, ready, same, test, ask } from './kit.mjs';

const wanted = Number(process.env.VORPOST_CLEAR ?? 200);
const labels = new Map(readFileSync(process.env.VORPOST_LABELS, 'utf8').split('\n').filter(Boolean).map((line) => line.split(' ')));
const patience = 60_000; // of a machine that does other things, too
const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

// 'next': the next document is there to decide. 'asked', where one asks: much speaks against it, and the page wants a second Enter. Told by the page
// itself: a driver that looks at every frame would make the page draw every frame, and measure that.
const decided = (page, before, asks = false, most = patience) =>
	page.evaluate(([id, most, asks]) => new Promise((done, late) => {
		const there = () => {
			const shown = document.querySelector('.detail')?.getAttribute('data-document');
			const next = shown && shown !== id && shown === decodeURIComponent(/^#\/queue\/([^?]+)/.exec(location.hash)?.[1] ?? '') && document.querySelector('.accept .button-wide:not(:disabled), .side .empty');
			const asked = asks && shown === id && document.querySelector('.against-all[role=alert]');
			if (!asked && !next && !document.querySelector('.detail .empty-good')) return;
			seen.disconnect();
			clearTimeout(timer);
			done(asked ? 'asked' : 'next');
		};
		const seen = new MutationObserver(there);
		const timer = setTimeout(() => (seen.disconnect(), late(new Error(`nothing follows ${id}`))), most);
		seen.observe(document.body, { subtree: true, childList: true, attributes: true });
		there();
	}), [before, most, asks]);

// In the page: from the key that decides to the frame in which the next document can be decided. What of it the server took
// (the decision itself, and the next document if it had to be asked for then) is told apart.
function watch() {
	performance.setResourceTimingBufferSize(10_000);
	window.took = [];
	let since = 0;
	let from = '';
	const shown = () => document.querySelector('.detail')?.getAttribute('data-document') ?? '';
	const answered = (until) =>
		performance.getEntriesByType('resource').filter((e) => e.startTime >= since && e.responseEnd <= until && e.initiatorType === 'fetch'
			&& /\/documents\/[0-9a-f-]{36}(\/(assign|ignore))?$/.test(e.name));
	addEventListener('keydown', (e) => {
		if (e.key !== 'Enter' && e.key !== '7') return;
		since = e.timeStamp;
		from = shown();
	}, true);
	new MutationObserver(() => {
		const now = shown();
		if (!since || !now || now === from || !document.querySelector('.accept .button-wide:not(:disabled), .side .empty')) return;
		const there = performance.now();
		const began = since;
		const server = answered(there).reduce((sum, e) => sum + e.duration, 0);
		since = 0;
		performance.measure('decision', { start: began, end: there });
		requestAnimationFrame(() => setTimeout(() => window.took.push({ whole: performance.now() - began, server, page: performance.now() - began - server })));
	}).observe(document.body, { subtree: true, childList: true, attributes: true });
}

export async function clearing() {
	await test(`a queue is cleared by keyboard alone, up to ${wanted} documents`, async () => {
		const page = await atDesk('sachbearbeitung');
		const keys = [];
		const right = []; // keys of those whose first candidate is whose letter it is
		const first = new Map();
		page.on('response', async (r) => {
			const id = /\/documents\/([0-9a-f-]{36})(\?|$)/.exec(r.url())?.[1];
			if (id && r.request().method() === 'GET' && r.ok()) first.set(id, (await r.json().catch(() => null))?.candidates?.[0]?.contract_id);
		});
		await page.reload();
		await ready(page);
		const times = [];
		let filed = 0;
		const refused = []; // what stood there instead
		await page.evaluate(watch);
		for (let n = 0; n < wanted; n++) {
			const id = await openId(page);
			if (!id) break;
			const candidates = await page.locator('.cand').count();
			const start = performance.now();
			let pressed = 0;
			if (candidates) {
				await page.waitForSelector('.accept .button-wide:not(:disabled)');
				await page.keyboard.press('Enter');
				pressed = 1;
				filed++;
				// The page takes a second Enter when it has shown for half a second what speaks against it; one that comes earlier is as none.
				let what = await decided(page, id, true, 10_000).catch(() => '');
				// A candidate that came by itself at this very moment takes no Enter that was on its way.
				if (!what && (await openId(page)) === id) {
					await page.keyboard.press('Enter');
					pressed++;
					what = await decided(page, id, true).catch(() => '');
				}
				for (; what === 'asked' && pressed < 6; pressed++) {
					await page.waitForTimeout(800);
					await page.keyboard.press('Enter');
					what = await decided(page, id, false, 10_000).catch(() => 'asked');
				}
			} else {
				await page.keyboard.press('i');
				await page.locator('dialog .choice').first().waitFor();
				await page.keyboard.press('7');
				pressed = 2;
			}
			try {
				await decided(page, id);
			} catch {
				// Refused for a reason that a person must see to: look it up and pass on.
				const side = (await page.locator('.side').innerText()).replace(/\s+/g, ' ');
				refused.push(`${(await openId(page)) === id ? 'still' : 'behind'} ${id}, at ${page.url()}: ${side.slice(0, 400)}`);
				await page.keyboard.press('j');
				pressed++;
				await decided(page, id);
			}
			times.push(performance.now() - start);
			keys.push(pressed);
			if (labels.has(id) && labels.get(id) === first.get(id)) right.push(pressed);
		}
		await page.waitForTimeout(200);
		const took = await page.evaluate(() => window.took);
		const inPage = (name) => took.map((one) => one[name]).sort((a, b) => a - b);
		const ms = (list) => `median ${at(list, 0.5)?.toFixed(0)} ms, p95 ${at(list, 0.95)?.toFixed(0)} ms`;
		const k = [...keys].sort((a, b) => a - b);
		const r = [...right].sort((a, b) => a - b);
		const t = [...times].sort((a, b) => a - b);
		console.log(`    ${keys.length} documents, ${filed} at their first candidate, ${refused.length} passed on; keys per document: median ${at(k, 0.5)}, p95 ${at(k, 0.95)}`);
		console.log(`    of ${right.length} the first candidate is right: keys median ${at(r, 0.5)}, p95 ${at(r, 0.95)}; load ${loadavg()[0].toFixed(1)}`);
		console.log(`    key to next document painted: the page ${ms(inPage('page'))}; the server ${ms(inPage('server'))}; both ${ms(inPage('whole'))} (n = ${took.length}); as driven ${ms(t)}`);
		console.log(`figure page ${at(inPage('page'), 0.95)?.toFixed(1)} keys ${at(r, 0.5)} documents ${keys.length} right ${right.length}`);
		holds(took.length >= keys.length * 0.9, `decisions measured: ${took.length}`);
		holds(keys.length >= wanted, `documents in the queue: ${keys.length}`);
		holds(right.length >= keys.length / 8, `documents whose first candidate is right: ${right.length} of ${keys.length}`);
		holds(at(r, 0.5) <= 1, `median keys where the first candidate is right: ${at(r, 0.5)}`);
		same(refused, [], 'documents that could not be decided');
		const left = await ask(page, '/queue/counts');
		console.log(`    ${left.queued} left`);
		await leave(page);
	});
}
