// kit.mjs -- what the browser tests share: counting, a browser, people who log in, and the questions to the page.
import { chromium } from 'playwright-core';
import { mkdirSync } from 'node:fs';

const { VORPOST_URL: url, VORPOST_PASSWORD: password, VORPOST_SHOTS: shots } = process.env;
if (!url || !password || !shots) throw new Error('VORPOST_URL, VORPOST_PASSWORD and VORPOST_SHOTS say where and as whom');
mkdirSync(shots, { recursive: true });
export const base = url;

let passed = 0;
let failed = 0;
const only = process.argv[2];

export async function test(name, act) {
	if (only && !name.includes(only)) return;
	const start = Date.now();
	try {
		await act();
		passed++;
		console.log(`ok: page: ${name} (${Date.now() - start} ms)`);
	} catch (e) {
		failed++;
		console.log(`FAILED: page: ${name}\n    ${String(e?.stack ?? e).split('\n').slice(0, 12).join('\n    ')}`);
		await pictureAll(name);
	}
}
export function counted() {
	console.log(`${passed} passed, ${failed} failed`);
	return failed;
}

export function same(got, expected, what) {
	const [a, b] = [JSON.stringify(got), JSON.stringify(expected)];
	if (a !== b) throw new Error(`${what}: got ${a}, expected ${b}`);
}
export function holds(ok, what) {
	if (!ok) throw new Error(what);
}

export const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage'], timeout: 240_000 });
const open = new Set();

// In the page: every message that it shows, so that one which is gone again before anybody looks was seen all the same.
function toastsRecord() {
	globalThis.toastsUnread = [];
	const made = (node) => node.nodeType !== 1 ? [] : node.matches('.toast') ? [node] : [...node.querySelectorAll('.toast')];
	new MutationObserver((changes) => {
		for (const change of changes) for (const node of change.addedNodes) globalThis.toastsUnread.push(...made(node).map((e) => e.textContent));
	}).observe(document, { childList: true, subtree: true });
}

// A context of its own, so a person of its own. What the console complains of or the policy forbids is a failure.
export async function person(options = {}) {
	const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'de-DE', timezoneId: 'Europe/Berlin', ...options });
	context.setDefaultTimeout(60_000); // nothing is asserted on time: a machine that does other things, too, is waited for
	await context.addInitScript(toastsRecord);
	const page = await context.newPage();
	page.troubles = [];
	page.expected = /status of (401|403|404|409|429|503)|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|ERR_FAILED|ERR_INCOMPLETE/;
	page.on('console', (m) => m.type() === 'error' && !page.expected.test(m.text()) && page.troubles.push(m.text()));
	page.on('pageerror', (e) => page.troubles.push(e.message));
	page.on('dialog', (d) => {
		page.troubles.push(`a dialog of a script: ${d.message()}`);
		void d.dismiss();
	});
	page.on('request', (r) => !r.url().startsWith(base) && !/^(data|blob):/.test(r.url()) && page.troubles.push(`a foreign address: ${r.url()}`));
	open.add(page);
	return page;
}
export async function leave(page) {
	open.delete(page);
	const troubles = page.troubles;
	await end(page);
	same(troubles, [], 'troubles of the page');
}
// Handlers of requests that are under way would fail with the context, and nobody would catch it.
async function end(page) {
	for (const one of page.context().pages()) await one.unrouteAll({ behavior: 'ignoreErrors' }).catch(() => {});
	await page.context().close();
}
async function pictureAll(name) {
	for (const page of open) {
		await page.screenshot({ path: `${shots}/failed-${name.replace(/\W+/g, '-')}.png` }).catch(() => {});
		const unread = await page.evaluate(() => globalThis.toastsUnread.slice(-8)).catch(() => []);
		console.log(`    at ${page.url()} ${page.troubles.join('; ')} messages not waited for: ${JSON.stringify(unread)}`);
		await end(page).catch(() => {});
	}
	open.clear();
}

export async function login(page, user = 'sachbearbeitung', to = '') {
	await page.goto(base + to);
	await page.fill('input[name=user]', user);
	await page.fill('input[name=password]', password);
	await page.keyboard.press('Enter');
	await page.waitForSelector('.top');
}
// Logged in, the list is there, and on a wide window its first document is open.
export async function atDesk(user, to, options) {
	const page = await person(options);
	await login(page, user, to);
	await page.waitForSelector('.row');
	if (!options?.isMobile) await ready(page);
	return page;
}

export const openId = (page) => page.evaluate(() => decodeURIComponent(/^#\/queue\/([^?]+)/.exec(location.hash)?.[1] ?? ''));
// The rows are made a few at a time.
export async function rowIds(page) {
	await page.waitForFunction(() => !document.querySelector('.rows[aria-busy]'));
	return page.$$eval('.row', (rows) => rows.map((r) => r.dataset.document));
}

// The open document is there and can be decided.
export async function ready(page, notId = '') {
	await page.waitForFunction((not) => {
		const at = /^#\/queue\/([^?]+)/.exec(location.hash)?.[1];
		const shown = document.querySelector('.detail[data-document]')?.getAttribute('data-document');
		const busy = ['.detail', '.accept'].some((what) => document.querySelector(what)?.getAttribute('aria-busy') === 'true');
		return at && at !== not && shown === at && !busy;
	}, notId);
}

// What the server knows, asked with the person's own session.
export const ask = (page, path) => page.evaluate(async (p) => (await fetch(`/api/v1${p}`)).json(), path);
export async function send(page, method, path, body) {
	return page.evaluate(async ([m, p, b]) => {
		const me = await (await fetch('/api/v1/me')).json();
		const answer = await fetch(`/api/v1${p}`, { method: m, headers: { 'X-CSRF-Token': me.csrf, 'Content-Type': 'application/json' }, body: b === undefined ? undefined : JSON.stringify(b) });
		const text = await answer.text();
		return { status: answer.status, body: text ? JSON.parse(text) : null };
	}, [method, path, body]);
}

// All that waits, page by page.
export async function* queue(page) {
	let cursor = '';
	do {
		const got = await ask(page, `/queue?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
		yield* got.items;
		cursor = got.next;
	} while (cursor);
}

// All of the queue, and all rows of it there.
export async function allRows(page) {
	const items = [];
	for await (const item of queue(page)) items.push(item);
	for (const until = Date.now() + 60_000; (await page.locator('.row').count()) < items.length && Date.now() < until; ) {
		// At once, in the page: between two questions the list may be drawn anew.
		await page.evaluate(() => {
			[...document.querySelectorAll('.row')].at(-1)?.scrollIntoView();
			document.querySelector('.list-body')?.scrollTo(0, 1e9);
		});
		await page.waitForTimeout(50);
	}
	return items;
}

// One Enter files it: it has a candidate against whom nothing is said that must be confirmed.
export async function withCandidate(item, page) {
	if (!item.candidates || item.lock) return false;
	return !(await ask(page, `/documents/${item.document_id}?ahead=true`)).candidates[0]?.confirm.length;
}

// The same, and the customer is told after a while, until when it can be taken back at one press.
export async function withHeld(item, page) {
	if (!item.candidates || item.lock) return false;
	const [first] = (await ask(page, `/documents/${item.document_id}?ahead=true`)).candidates;
	return !!first && !first.confirm.length && first.effects.releases === 'held';
}

// What was delivered may be a spelling of the contract's number: then it is remembered unless somebody says otherwise.
export const isSpelling = (candidate) => !candidate.effects.alias?.another;

// Its search looks for one contract: of a collective document it looks for several at once.
export const single = (item) => !item.lock && item.reason?.code !== 'collective_document';

// A contract that is none of the candidates of a document, and that alone is found by its number.
export async function stranger(page, id) {
	const known = new Set((await ask(page, `/documents/${id}?ahead=true`)).candidates.map((c) => c.contract_id));
	for (const c of (await ask(page, '/contracts?limit=200')).items) {
		if (known.has(c.contract_id) || c.ends_on || !c.holder?.name || !c.number) continue;
		if ((await ask(page, `/contracts?limit=5&q=${encodeURIComponent(c.number)}`)).items.length === 1) return c;
	}
	throw new Error('every contract is a candidate');
}

// Open the first document of which `fits` is true; null if there is none.
export async function openWhere(page, fits, query = '') {
	for await (const item of queue(page)) {
		if (!(await fits(item, page))) continue;
		await page.evaluate((to) => (location.hash = to), `#/queue/${item.document_id}${query}`);
		await page.waitForFunction((id) => document.querySelector('.detail')?.getAttribute('data-document') === id, item.document_id);
		await ready(page);
		return item;
	}
	return null;
}
export async function picture(page, name) {
	await page.screenshot({ path: `${shots}/${name}.png` });
}

// A message with these words, whether it is still there or not: each is read once.
export const toast = (page, text) => page.waitForFunction((words) => {
	const at = globalThis.toastsUnread.findIndex((shown) => shown.includes(words));
	if (at >= 0) globalThis.toastsUnread.splice(at, 1);
	return at >= 0;
}, text).catch((e) => {
	throw new Error(`no message with "${text}": ${e.message}`);
});
