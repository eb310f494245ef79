// choosing.mjs -- what an Enter files at is what stood there when it was pressed: neither what was found for other words, nor
// another contract because the document was shown anew.
import { allRows, ask, atDesk, holds, isSpelling, leave, openId, openWhere, ready, same, send, single, stranger, test, toast } from './kit.mjs';

const state = async (page, id) => (await ask(page, `/documents/${id}`)).state;
const chosen = (page) => page.locator('.cand-on .cand-number .number').innerText();
const bare = (number) => number.replace(/\W/g, ''); // printed as the insurer does, or compared without signs
const searching = async (page) => {
	await page.keyboard.press('/');
	await page.locator('dialog [role=combobox]:focus').waitFor();
};
const anAnswer = (words) => (url) => url.pathname.endsWith('/contracts') && url.searchParams.get('q') === words;

// Answers of the address are kept back until let go.
async function hold(page, address, change = (json) => json) {
	let go;
	let asked;
	const held = { go: new Promise((done) => (go = done)), asked: new Promise((done) => (asked = done)) };
	await page.route(address, async (r) => {
		const answer = await r.fetch();
		asked();
		await held.go;
		await r.fulfill({ response: answer, json: change(await answer.json()) }).catch(() => {}); // nobody waits any more
	});
	return { asked: held.asked, go };
}
const leaveRouted = async (page) => {
	await page.unrouteAll({ behavior: 'ignoreErrors' });
	await leave(page);
};

async function enterWaits() {
	const page = await atDesk();
	const { document_id: id } = await openWhere(page, single);
	const right = await stranger(page, id);
	const asked = [];
	page.on('request', (r) => /\/(candidates\?|assign)/.test(r.url()) && asked.push(r.url()));
	await searching(page);
	const many = (await ask(page, '/contracts?limit=200')).items.find((c) => c.holder?.name && c.contract_id !== right.contract_id);
	await page.fill('dialog [role=combobox]', many.holder.name);
	await page.locator('.find-row').first().waitFor();
	const held = await hold(page, anAnswer(right.number));
	await page.fill('dialog [role=combobox]', right.number);
	await page.locator('.find-list[aria-busy=true]').waitFor();
	await page.keyboard.press('Enter');
	await held.asked;
	await page.keyboard.press('Enter');
	same(asked, [], 'what was done with the contracts of other words');
	held.go();
	await page.locator('.cand-on', { hasText: 'Aus der Suche' }).waitFor();
	same(asked.length, 1, 'proposed once');
	same(bare(await chosen(page)), bare(right.printed_number || right.number), 'the one that was typed');
	same(await state(page, id), 'queued', 'state');
	await leaveRouted(page);
}

async function enterOnManyTakesNone() {
	const page = await atDesk();
	await openWhere(page, single);
	await searching(page);
	let words = null;
	for (const c of (await ask(page, '/contracts?limit=200')).items.filter((x) => x.holder?.name))
		if (!words && (await ask(page, `/contracts?limit=5&q=${encodeURIComponent(c.holder.name)}`)).items.length > 1) words = c.holder.name;
	holds(words, 'a name with several contracts');
	const asked = [];
	page.on('request', (r) => /\/(candidates\?|assign)/.test(r.url()) && asked.push(r.url()));
	const held = await hold(page, anAnswer(words));
	await page.fill('dialog [role=combobox]', words);
	await held.asked;
	await page.keyboard.press('Enter');
	held.go();
	await page.locator('.find-list:not([aria-busy=true]) .find-row').nth(1).waitFor();
	await page.waitForTimeout(200);
	same(asked, [], 'none of several is taken unseen');
	await page.locator('dialog [role=combobox]:focus').waitFor();
	await leaveRouted(page);
}

// A document with two candidates behind another that is open; what comes at the second look is kept back. What takes long is
// asked by `first`, before anything is held: the page waits for an answer for half a minute.
async function ahead(page, change, first = () => null) {
	await page.waitForSelector('.row');
	const items = await allRows(page);
	const at = items.findIndex((i, n) => n > 1 && i.candidates > 1 && single(i));
	holds(at > 1, 'a document with two candidates');
	const id = items[at].document_id;
	const known = await first(id);
	const early = page.waitForResponse((r) => r.url().endsWith(`/documents/${id}?ahead=true`));
	await page.evaluate((to) => (location.hash = to), `#/queue/${items[at - 1].document_id}`);
	await ready(page);
	await (await early).finished();
	const held = await hold(page, (u) => u.pathname.endsWith(`/documents/${id}`) && !u.search, change);
	await page.evaluate(() => new Promise((done) => requestIdleCallback(() => setTimeout(done, 200)))); // it is kept
	await page.keyboard.press('j');
	await page.waitForFunction((to) => document.querySelector('.detail')?.getAttribute('data-document') === to, id);
	await held.asked;
	return { id, held, known };
}

async function chosenStays() {
	const page = await atDesk('vertretung');
	const { id, held } = await ahead(page, (d) => ({ ...d, note: 'bitte beachten', candidates: [{ ...d.candidates[0], contract_id: 'another' }, ...d.candidates] }));
	await page.keyboard.press('2');
	const number = await chosen(page);
	held.go();
	await page.locator('.notice', { hasText: 'bitte beachten' }).waitFor();
	same(await chosen(page), number, 'the contract that is chosen');
	const [sent] = await Promise.all([page.waitForRequest((r) => r.method() === 'POST' && r.url().endsWith('/assign')).catch(() => null), decideSurely(page)]);
	const wanted = (await ask(page, `/documents/${id}`)).contracts.map((c) => c.contract_id);
	same([sent.postDataJSON().contract_id], wanted, 'where it is filed');
	await leaveRouted(page);
}

async function decideSurely(page) {
	const asks = await page.locator('.against-all').count();
	await page.keyboard.press('Enter');
	if (asks) {
		await page.locator('.against-all[role=alert]').waitFor();
		await page.waitForTimeout(600);
		await page.keyboard.press('Enter');
	}
	await toast(page, 'Zugeordnet');
}

async function foundStays() {
	const page = await atDesk('vertretung');
	const { id, held, known: right } = await ahead(page, (d) => ({ ...d, note: 'bitte beachten' }), (of) => stranger(page, of));
	await searching(page);
	await page.keyboard.type(right.number);
	await page.locator('.find-list:not([aria-busy=true]) .find-row', { hasText: right.printed_number || right.number }).first().waitFor();
	await page.keyboard.press('Enter');
	await page.locator('.cand-on', { hasText: 'Aus der Suche' }).waitFor();
	held.go();
	await page.locator('.notice', { hasText: 'bitte beachten' }).waitFor();
	await page.locator('.cand-on', { hasText: 'Aus der Suche' }).waitFor();
	await decideSurely(page);
	same((await ask(page, `/documents/${id}`)).contracts.map((c) => c.contract_id), [right.contract_id], 'where it is filed');
	await leaveRouted(page);
}

// A colleague changes the document, and the page learns of it by a decision that is refused.
async function backAgain(page, id, back) {
	const lead = await atDesk('leitung');
	same((await send(lead, 'POST', `/documents/${id}/hand-over`, { version: (await ask(lead, `/documents/${id}`)).version, to: 'vertretung', note: 'bitte heute' })).status, 200, 'a colleague hands it over');
	await leave(lead);
	back();
	await page.keyboard.press('i');
	await page.locator('dialog .choice').first().waitFor();
	await page.keyboard.press('2');
	await toast(page, 'geändert');
	await page.keyboard.press('Escape');
	await page.locator('dialog').waitFor({ state: 'detached' });
	await page.locator('.cand-on').waitFor();
}

// It learns of a colleague by its own decision, and not by what is told live before that.
async function untold(page) {
	await page.route('**/queue/stream', (r) => r.abort());
	await page.reload();
	await page.waitForSelector('.row');
}

async function goneIsSaid() {
	const page = await atDesk('vertretung');
	await untold(page);
	let gone = null;
	const { id, held } = await ahead(page, (d) => ({ ...d, note: 'bitte beachten', candidates: d.candidates.filter((c) => c.contract_id !== gone) }));
	gone = (await ask(page, `/documents/${id}?ahead=true`)).candidates[1].contract_id;
	const decided = [];
	page.on('request', (r) => r.method() === 'POST' && r.url().endsWith('/assign') && decided.push(r.postDataJSON()));
	await page.keyboard.press('2');
	const number = await chosen(page);
	// The Enter that was on its way.
	await page.evaluate(() => new MutationObserver((_, self) => {
		if (!document.querySelector('.detail')?.textContent.includes('bitte beachten')) return;
		self.disconnect();
		for (let n = 0; n < 3; n++) dispatchEvent(new KeyboardEvent('keydown', { key: n ? 'Enter' : '1', bubbles: true }));
	}).observe(document.body, { subtree: true, childList: true, characterData: true }));
	held.go();
	await page.locator('.notice', { hasText: 'steht nicht mehr zur Wahl' }).waitFor();
	holds(bare(await page.locator('.notice', { hasText: 'steht nicht mehr zur Wahl' }).innerText()).includes(bare(number)), 'it is named');
	await page.waitForTimeout(300);
	same([decided, await page.locator('.cand-on').count()], [[], 0], 'decisions, and what is chosen instead');
	same(await state(page, id), 'queued', 'state');
	const meant = gone;
	await backAgain(page, id, () => (gone = null));
	same([await chosen(page), await page.locator('.notice', { hasText: 'zur Wahl' }).count()], [number, 0], 'chosen again when it is back');
	await page.waitForTimeout(600);
	await decideSurely(page);
	same([decided.length > 0, decided[0]?.contract_id], [true, meant], 'filed at what was chosen');
	await leaveRouted(page);
}

// A candidate that comes by itself brings its own answer to what is remembered: here it is quite another number.
async function comesByItself() {
	const page = await atDesk('vertretung');
	await page.route(/\/documents\/[0-9a-f-]+\?ahead=true$/, async (r) => {
		const answer = await r.fetch();
		await r.fulfill({ response: answer, json: { ...(await answer.json()), candidates: [] } });
	});
	const { held } = await ahead(page, (d) => ({
		...d,
		candidates: d.candidates.map((c) => ({ ...c, confirm: [], effects: { ...c.effects, alias: { possible: true, another: true, spelling: 'X' } } })),
	}));
	await page.locator('.cand').waitFor({ state: 'detached' });
	held.go();
	await page.locator('.cand-on').waitFor();
	same(await page.locator('.effects input[type=checkbox]').isChecked(), false, 'another number is not remembered by itself');
	await leaveRouted(page);
}

// Confirmed is what was shown, and nothing that came to it since.
async function moreAgainst() {
	const page = await atDesk('vertretung');
	const against = (d, ...codes) => ({ ...d, candidates: d.candidates.map((c) => ({ ...c, confirm: codes.map((code) => ({ code, says: `says ${code}`, says_de: `es spricht ${code}` })) })) });
	await page.route(/\/documents\/[0-9a-f-]+\?ahead=true$/, async (r) => {
		const answer = await r.fetch();
		await r.fulfill({ response: answer, json: against(await answer.json(), 'other_holder') });
	});
	const { held } = await ahead(page, (d) => against(d, 'other_holder', 'strict_line'));
	const decided = [];
	page.on('request', (r) => r.method() === 'POST' && r.url().endsWith('/assign') && decided.push(r.url()));
	await page.keyboard.press('Enter');
	await page.locator('.against-all[role=alert]', { hasText: 'es spricht other_holder' }).waitFor();
	held.go();
	await page.locator('.against-all[role=alert]').waitFor({ state: 'detached' });
	await page.waitForTimeout(600);
	await page.keyboard.press('Enter');
	await page.locator('.against-all[role=alert]', { hasText: 'es spricht strict_line' }).waitFor();
	same(decided, [], 'decisions');
	await leaveRouted(page);
}

// A colleague changes it in truth: the first Enter is refused, and the next one files at the same contract.
async function colleagueFirst() {
	const page = await atDesk('vertretung');
	await untold(page);
	const item = await openWhere(page, async (i) => i.candidates > 1 && single(i) && !(await ask(page, `/documents/${i.document_id}?ahead=true`)).candidates[1]?.confirm.length);
	holds(item, 'a document with two candidates');
	const second = (await ask(page, `/documents/${item.document_id}`)).candidates[1];
	await page.keyboard.press('2');
	await page.locator('.cand:nth-child(2).cand-on').waitFor();
	const lead = await atDesk('leitung');
	const at = `/documents/${item.document_id}`;
	same((await send(lead, 'POST', `${at}/hand-over`, { version: (await ask(lead, at)).version, to: 'vertretung', note: 'bitte heute' })).status, 200, 'a colleague hands it over');
	await leave(lead);
	await page.keyboard.press('Enter');
	await page.locator('.notice', { hasText: 'bitte heute' }).waitFor();
	await page.locator('.cand:nth-child(2).cand-on').waitFor();
	await page.waitForTimeout(600);
	await decideSurely(page);
	same((await ask(page, at)).contracts.map((c) => c.contract_id), [second.contract_id], 'where it is filed');
	await leaveRouted(page);
}

// What a decision solves besides is passed: nobody is led to a document that waits no longer.
async function solvedIsPassed() {
	const page = await atDesk('vertretung');
	const ids = (await allRows(page)).map((i) => i.document_id); // the first rows may have none that fits
	let next = '';
	let third = '';
	const item = await openWhere(page, async (i) => {
		const at = ids.indexOf(i.document_id);
		if (!i.candidates || i.lock || at < 0 || at + 2 >= ids.length) return false;
		[next, third] = ids.slice(at + 1);
		const [first] = (await ask(page, `/documents/${i.document_id}?ahead=true`)).candidates;
		return first.effects.alias?.possible && isSpelling(first) && !first.confirm.length;
	});
	holds(item, 'a document that one Enter files, with its spelling, and two behind it');
	let solved = false;
	const changing = (change) => async (r) => {
		const answer = await r.fetch();
		await r.fulfill({ response: answer, json: change(await answer.json()) });
	};
	await page.route('**/assign', changing((d) => ((solved = true), { ...d, others: 1 })));
	await page.route((u) => u.pathname.endsWith(`/documents/${next}`), changing((d) => (solved ? { ...d, state: 'filed' } : d)));
	await page.keyboard.press('Enter');
	await toast(page, '1 weiteres Dokument gelöst');
	await ready(page, item.document_id);
	same(await openId(page), third, 'what is opened');
	await leaveRouted(page);
}

// What the search finds may be a candidate already: then it is chosen, and it is said all the same where it comes from.
async function foundAmongCandidates() {
	const page = await atDesk();
	let which = null;
	const item = await openWhere(page, async (i) => {
		const { candidates } = i.candidates > 1 && single(i) ? await ask(page, `/documents/${i.document_id}?ahead=true`) : { candidates: [] };
		for (const c of candidates.slice(1)) if (!which && c.number && (await ask(page, `/contracts?limit=5&q=${encodeURIComponent(c.number)}`)).items.length === 1) which = c;
		return !!which;
	});
	holds(item, 'a candidate that is not the first');
	const before = await page.locator('.cand').count();
	await searching(page);
	await page.keyboard.type(which.number);
	await page.locator('.find-list:not([aria-busy=true]) .find-row', { hasText: which.printed_number || which.number }).first().waitFor();
	await page.keyboard.press('Enter');
	await page.locator('.cand-on', { hasText: 'Aus der Suche' }).waitFor();
	same(await page.locator('.cand').count(), before, 'candidates: it is none twice');
	await leave(page);
}

export async function choosing() {
	await test('Enter acts on what stands in the search field: it waits for the answer, and takes nothing of earlier words', enterWaits);
	await test('an Enter before the answer takes none of several', enterOnManyTakesNone);
	await test('a contract found that is a candidate already is chosen, and said to be found', foundAmongCandidates);
	await test('the chosen contract stays chosen when the document is shown anew in another order', chosenStays);
	await test('what was found stays chosen when the document is shown anew', foundStays);
	await test('where the chosen contract is gone, an Enter on its way files nothing, and it is said', goneIsSaid);
	await test('a candidate that comes by itself does not have another number remembered', comesByItself);
	await test('where a colleague was first, the next Enter files at the same contract', colleagueFirst);
	await test('what a decision solves besides is passed, and the next one that waits is opened', solvedIsPassed);
	await test('where more speaks against the chosen contract than was shown, Enter shows it before it files', moreAgainst);
}
