// list.mjs -- the rows of the queue: what they say, and what is selected of them.
import { allRows, ask, atDesk, holds, leave, login, openWhere, picture, same, send, test, toast } from './kit.mjs';

// What of a row cannot be read: cut off at its right, or by dots.
const cut = (page) =>
	page.$$eval('.row', (rows) => rows.flatMap((row) => [row, ...row.querySelectorAll('*')]
		.filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== 'visible' && !e.closest('svg, .only-heard'))
		.map((e) => `${e.className}: ${e.textContent.slice(0, 60)}`)));

async function rowsSay() {
	const page = await atDesk('lesen');
	const items = await allRows(page);
	const without = items.filter((i) => !i.number?.delivered);
	holds(without.length >= 10, `documents without a number: ${without.length}`);
	// What is out of sight is not drawn, and says nothing until it is.
	const said = new Map(await page.$$eval('.row', (rows) => rows.map((r) => [r.dataset.document, ((r.style.contentVisibility = 'visible'), r.innerText)])));
	for (const i of items) {
		const says = said.get(i.document_id) ?? '';
		holds(says.includes(i.insurer.name) && says.includes(i.reason.words_de), `the whole insurer and reason: ${says}`);
		if (i.number?.delivered) continue;
		const tells = i.best?.by_text ? i.best.number : i.file.name;
		holds(says.includes('ohne Nummer') && says.includes(tells.replace(/\u202e/g, '\ufffd')), `"ohne Nummer" and ${tells}: ${says}`);
	}
	same(await cut(page), [], 'what is cut off in rows');
	await leave(page);
}

async function nothingMarked() {
	const page = await atDesk('lesen');
	const item = await openWhere(page, (i) => !i.number?.delivered && i.candidates > 0);
	holds(item, 'a document without a number that has a candidate');
	const { candidates } = await ask(page, `/documents/${item.document_id}?ahead=true`);
	const [first] = candidates;
	await page.locator('.cand-number', { hasText: first.printed_number || first.number }).first().waitFor();
	same(await page.locator('.cand .differs').count(), 0, 'marked characters');
	const other = await openWhere(page, async (i) => i.number?.delivered && (await ask(page, `/documents/${i.document_id}?ahead=true`)).candidates.some((c) => {
		const size = (some) => some.reduce((n, p) => n + p.text.length, 0);
		return size(c.diff) > 0 && size(c.diff.filter((p) => p.same)) * 2 > size(c.diff) && c.diff.some((p) => !p.same);
	}));
	holds(other, 'a document whose number nearly fits');
	await page.locator('.cand .differs').first().waitFor();
	await leave(page);
}

const differs = (pieces) => pieces.filter((p) => !p.same && p.text).map((p) => p.text);
const size = (pieces) => pieces.reduce((n, p) => n + p.text.length, 0);
const most = (pieces) => size(pieces.filter((p) => p.same)) * 2 > size(pieces);
const nearly = (i) => i.number?.delivered && i.best?.number && [i.best.diff, i.best.delivered_diff].every((p) => differs(p).length && most(p));

// What is out of sight is drawn when it comes into it, a moment later.
async function drawn(row) {
	await row.evaluate((r) => (r.style.contentVisibility = 'visible'));
	await row.scrollIntoViewIfNeeded();
}

// Of a row whose number is nearly that of its best candidate: both numbers, what differs marked in each, and said in words.
async function comparedIn(page, item) {
	const row = page.locator(`.row[data-document="${item.document_id}"]`);
	await drawn(row);
	const marks = (which) => row.locator(`.compared ${which} .differs`).allTextContents();
	same(await row.locator('.compared > .number').innerText(), item.best.delivered_diff.map((p) => p.text || '·').join(''), 'as delivered');
	same(await row.locator('.compared-best .number').innerText(), item.best.diff.map((p) => p.text || '·').join(''), 'of the best candidate');
	same(await marks('> .number'), item.best.delivered_diff.filter((p) => !p.same).map((p) => p.text || '·'), 'marked as delivered');
	same(await marks('.compared-best'), item.best.diff.filter((p) => !p.same).map((p) => p.text || '·'), 'marked in the candidate');
	const line = await row.locator('.differs').first().evaluate((e) => getComputedStyle(e).boxShadow);
	holds(line !== 'none', 'marked by more than a colour');
	const heard = await row.getByRole('link').ariaSnapshot();
	const words = `geliefert abweichend: ${differs(item.best.delivered_diff).join(', ')}; im Vorschlag: ${differs(item.best.diff).join(', ')}`;
	holds(heard.includes(words), `said as "${words}": ${heard}`);
}

async function bothNumbers() {
	for (const options of [{}, { viewport: { width: 360, height: 780 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true }]) {
		const page = await atDesk('lesen', '', options);
		const items = await allRows(page);
		const item = items.find(nearly);
		holds(item, 'a document whose number is nearly that of its best candidate');
		await comparedIn(page, item);
		const equal = items.find((i) => i.number?.delivered && i.best?.number && ![...i.best.diff, ...i.best.delivered_diff].some((p) => !p.same));
		holds(equal, 'a document whose number is that of its best candidate');
		const row = page.locator(`.row[data-document="${equal.document_id}"]`);
		await drawn(row);
		same(await row.locator('.differs').count(), 0, 'marks where nothing differs');
		holds((await row.getByRole('link').ariaSnapshot()).includes('dieselbe wie beim besten Vorschlag'), 'said to be the same');
		same(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, 'fits the window');
		same(await cut(page), [], 'what is cut off in rows');
		await picture(page, options.isMobile ? 'phone-row-numbers' : 'row-numbers');
		await leave(page);
	}
}

const picked = (page) => page.$$eval('.row-picked', (rows) => rows.map((r) => r.dataset.document));
const bar = (page, text) => page.locator('.bulk', { hasText: text }).waitFor();

// Two at the top and one that is loaded only after scrolling.
async function pickThree(page) {
	const ids = (await allRows(page)).map((i) => i.document_id);
	const [a, b, far] = [ids[0], ids[1], ids[40]];
	for (const id of [a, b, far]) await page.locator(`.row[data-document="${id}"] input[type=checkbox]`).check();
	return [a, b, far];
}

async function selectionStays() {
	const page = await atDesk('vertretung');
	const three = await pickThree(page);
	await bar(page, '3 ausgewählt');
	await page.reload();
	await bar(page, 'davon 1 nicht in dieser Ansicht');
	await bar(page, '3 ausgewählt');
	same(await picked(page), three.slice(0, 2), 'selected rows after a reload');
	await page.evaluate(() => (location.hash = '#/queue?sort=insurer'));
	await page.waitForFunction(() => location.hash.includes('sort=insurer') && document.querySelector('.row'));
	await bar(page, '3 ausgewählt');
	await page.evaluate(() => (location.hash = '#/statistics'));
	await page.locator('.bulk').waitFor({ state: 'detached' });
	await page.evaluate(() => (location.hash = '#/queue?reason=number_unknown'));
	await page.waitForSelector('.row');
	same(await page.locator('.bulk').count(), 0, 'what is selected in another list');
	await page.locator('.row input[type=checkbox]').first().check();
	await bar(page, '1 ausgewählt');
	await page.evaluate(() => (location.hash = '#/queue'));
	await bar(page, '3 ausgewählt');
	return { page, three };
}

async function selectionIsDone() {
	const { page, three } = await selectionStays();
	const far = `/documents/${three[2]}`;
	await page.reload();
	await bar(page, 'davon 1 nicht in dieser Ansicht');
	const lead = await atDesk('leitung');
	const theirs = await send(lead, 'POST', `/documents/${three[1]}/ignore`, { version: (await ask(lead, `/documents/${three[1]}`)).version, reason: 'other' });
	same(theirs.status, 200, 'a colleague decides about one of them');
	await page.waitForFunction((id) => !document.querySelector(`.row[data-document="${id}"]`), three[1]);
	await page.locator('.bulk .button', { hasText: 'Ablegen' }).click();
	await page.locator('dialog .button-main').click();
	await page.locator('.preview li').nth(1).waitFor();
	same(await page.locator('.preview li').count(), 2, 'in the preview');
	const words = await page.locator('.preview li').allInnerTexts();
	holds(words.every((w) => !/[0-9a-f]{8}-[0-9a-f]{4}/.test(w)), `each is named by what it is: ${words}`);
	await page.locator('dialog .button-main').click();
	await toast(page, '2 Dokumente abgelegt');
	same((await ask(page, far)).state, 'ignored', 'the one that was not in the view');
	await page.locator('.bulk').waitFor({ state: 'detached' });
	await page.keyboard.press('u');
	await toast(page, 'Zurückgenommen');
	same((await ask(page, far)).state, 'queued', 'after undo');
	await leave(lead);
	await leave(page);
}

// Out of the view and decided by a colleague: the page learns of it when it is to be decided.
async function selectionGone() {
	const page = await atDesk('vertretung');
	const three = await pickThree(page);
	await page.route('**/queue/stream', (r) => r.abort());
	await page.reload();
	await bar(page, 'davon 1 nicht in dieser Ansicht');
	const lead = await atDesk('leitung');
	const at = `/documents/${three[2]}`;
	same((await send(lead, 'POST', `${at}/ignore`, { version: (await ask(lead, at)).version, reason: 'other' })).status, 200, 'a colleague decides');
	await leave(lead);
	await page.locator('.bulk .button', { hasText: 'Zurückstellen' }).click();
	await page.locator('dialog .button-main').click();
	await toast(page, '1 ausgewähltes Dokument wartet nicht mehr');
	await page.locator('.preview li').nth(1).waitFor();
	same(await page.locator('.preview li').count(), 2, 'in the preview');
	await page.keyboard.press('Escape');
	await bar(page, '2 ausgewählt');
	await page.locator('.account summary').click();
	await page.locator('.account-menu button').click();
	await page.locator('input[name=user]').waitFor();
	await login(page, 'leitung');
	await page.waitForSelector('.row');
	same(await page.locator('.bulk').count(), 0, 'what the one before selected');
	await leave(page);
}

// What the API names beside its codes is what people read.
async function wordsNotCodes() {
	const page = await atDesk('lesen');
	const named = (of) => ({ ...of, line: '030', line_name: 'accident', line_name_de: 'Unfall' });
	const answer = (change) => async (r) => {
		const got = await r.fetch();
		await r.fulfill({ response: got, json: change(await got.json()) });
	};
	await page.route(/\/api\/v1\/documents\/[0-9a-f-]{36}(\?|$)/, answer((d) => ({ ...named(d), candidates: d.candidates.map(named) })));
	await page.route(/\/timeline(\?|$)/, answer(() => ({ next: null, items: [{ at: '2026-11-20T08:00:00Z', kind: 'feedback', words: 'taken', words_de: 'angenommen', document_id: null, contract_id: null, detail: 'web_push' },
		{ at: '2026-11-20T07:00:00Z', kind: 'decision', words: 'filed', words_de: 'zugeordnet', document_id: null, contract_id: null, detail: 'by itself', detail_de: 'von ganz allein' }] })));
	const item = await openWhere(page, (i) => i.candidates > 0 && i.number?.delivered);
	await page.reload();
	await page.locator(`.detail[data-document="${item.document_id}"] .detail-line`, { hasText: 'Unfall' }).waitFor();
	await page.locator('.cand', { hasText: 'Unfall' }).first().waitFor();
	await page.locator('.facts', { hasText: 'Unfall (030)' }).waitFor();
	same(await page.getByText('Sparte 030').count(), 0, 'codes of lines');
	const contract = (await ask(page, '/contracts?limit=50')).items.find((c) => c.customer_id);
	await page.evaluate((to) => (location.hash = to), `#/customers/${encodeURIComponent(contract.customer_id)}`);
	await page.locator('.happened', { hasText: 'Web-Push' }).waitFor();
	await page.locator('.happened', { hasText: 'von ganz allein' }).waitFor();
	await leave(page);
}

// A refreshed list that comes when another order is shown already: its cursor is none of that order.
async function anotherOrderAndMore() {
	const page = await atDesk();
	await ignoreOpen(page);
	let letGo;
	const held = new Promise((go) => (letGo = go));
	let kept = false;
	await page.route(/\/api\/v1\/queue\?(?!.*sort)/, async (r) => {
		const answer = await r.fetch();
		kept = true;
		await held;
		await r.fulfill({ response: answer });
	}, { times: 1 });
	await page.keyboard.press('u');
	while (!kept) await page.waitForTimeout(20);
	await page.evaluate(() => (location.hash = '#/queue?sort=insurer'));
	const first = (await ask(page, '/queue?sort=insurer&limit=1')).items[0].document_id;
	await page.waitForFunction((id) => document.querySelector('.row')?.dataset.document === id, first);
	letGo();
	await page.waitForTimeout(300);
	await page.locator('.rows-more button').click();
	await page.waitForFunction(() => document.querySelectorAll('.row').length > 20);
	await leave(page);
}

async function ignoreOpen(page) {
	await page.keyboard.press('i');
	await page.locator('dialog .choice').first().waitFor();
	await page.keyboard.press('2');
	await page.locator('.toast-good .toast-act').waitFor();
}

// The answers that an undo waits for come at once with a step to another page, before the browser tells of that.
async function goneMeanwhile() {
	const page = await atDesk();
	await ignoreOpen(page);
	await page.evaluate(() => {
		const real = window.fetch;
		window.fetch = async (...asked) => {
			const answer = await real(...asked);
			if (!/queue\/counts/.test(asked[0]?.url ?? asked[0])) return answer;
			const data = await answer.text();
			answer.text = async () => data;
			await new Promise((go) => (window.letGo = go));
			return answer;
		};
	});
	await page.keyboard.press('u');
	await page.waitForFunction(() => window.letGo);
	await toast(page, 'Zurückgenommen');
	await page.evaluate(() => {
		location.hash = '#/insurers';
		window.letGo();
	});
	await page.locator('.connection-foot').first().waitFor();
	await page.waitForTimeout(300); // nothing fetches one back
	same(await page.evaluate(() => location.hash), '#/insurers', 'where one is');
	await leave(page);
}

export async function list() {
	await test('lines of business, ways and channels are said in words', wordsNotCodes);
	await test('a selection survives reload, sorting and another page, each list has its own, and all of it is done', selectionIsDone);
	await test('of what is selected and decided by a colleague out of sight it is said; the next person begins without', selectionGone);
	await test('more of a list is not asked for in the order of another', anotherOrderAndMore);
	await test('who goes to another page is not fetched back by an undo', goneMeanwhile);
	await test('every row says what it is: the whole reason and insurer, and without a number what tells it apart', rowsSay);
	await test('where no number was delivered nothing is marked as different; where one nearly fits, what differs is', nothingMarked);
	await test('a row shows the number as delivered and that of the best candidate, what differs marked in both and said', bothNumbers);
}
