// told.mjs -- what the page says of a decision is so: before it what follows, after it what became of it and of the others.
import { ask, atDesk, holds, isSpelling, leave, login, openId, openWhere, picture, ready, rowIds, same, test, toast, withCandidate } from './kit.mjs';
import { violations } from './looks.mjs';

const state = async (page, id) => (await ask(page, `/documents/${id}`)).state;

// The first candidate as the server could have judged it: so many others wait with the number, and it may be remembered or not.
async function openWith(page, effects) {
	await page.route(/\/documents\/[0-9a-f-]+(\?.*)?$/, async (r) => {
		const answer = await r.fetch();
		const document = await answer.json();
		for (const c of document.candidates ?? []) {
			c.effects = { ...c.effects, ...effects };
			c.delivered_diff = [{ text: '47', same: true }]; // a spelling of it
		}
		await r.fulfill({ response: answer, json: document });
	});
	const ids = await rowIds(page);
	const item = await openWhere(page, async (i, p) => i.document_id !== ids[0] && (await withCandidate(i, p)));
	holds(item, 'a document with a candidate');
	await page.locator('.effects').waitFor();
	return item;
}

// The contract is made; so many others wait with its number.
async function othersOfAContractMade() {
	const page = await atDesk();
	const item = await openWhere(page, (i) => i.number && i.insurer.key !== 'unknown' && i.reason?.code === 'number_unknown' && !i.lock);
	holds(item, 'a document with an unknown number');
	await page.route('**/contract', async (r) => {
		same(r.request().postDataJSON().also ?? false, false, 'the others are not asked for');
		const answer = await r.fetch();
		await r.fulfill({ response: answer, json: { ...(await answer.json()), others: 2 } });
	});
	await page.keyboard.press('n');
	await page.locator('dialog').getByLabel('Nachname').fill('Neukundin');
	await page.locator('dialog .button-main').click();
	await toast(page, 'angelegt');
	const words = await page.locator('.toast', { hasText: 'angelegt' }).first().innerText();
	holds(!words.includes('gelöst'), `none of the others is solved yet: ${words}`);
	holds(words.includes('2 weitere Dokumente mit dieser Nummer'), `but they are named: ${words}`);
	await leaveRouted(page);
}

// The preview is answered; then the server decides about both, and what it says of it never comes.
async function bulkAnswerLost() {
	const page = await atDesk();
	const ids = (await rowIds(page)).slice(0, 2);
	for (const id of ids) await page.locator(`.row[data-document="${id}"] input[type=checkbox]`).check();
	await page.route('**/bulk', async (r) => {
		if (r.request().postDataJSON().preview) return r.continue();
		await r.fetch();
		await r.abort('connectionreset');
	});
	await page.locator('.bulk .button', { hasText: 'Ablegen' }).click();
	await page.locator('dialog .button-main').click();
	await page.locator('.preview li').nth(1).waitFor();
	await page.locator('dialog .button-main').click();
	await toast(page, '2 Dokumente abgelegt');
	for (const id of ids) same(await state(page, id), 'ignored', 'state');
	await page.locator('dialog').waitFor({ state: 'detached' });
	for (const id of ids) same(await page.locator(`.row[data-document="${id}"]`).count(), 0, 'rows of what is done');
	await page.locator('.offline').waitFor({ state: 'detached' });
	await page.keyboard.press('u');
	await toast(page, 'Zurückgenommen');
	for (const id of ids) same(await state(page, id), 'queued', 'state after undo');
	await leaveRouted(page);
}

// What was asked never reached the server: nothing is done, and that is what is said.
async function bulkNeverArrived() {
	const page = await atDesk();
	const ids = (await rowIds(page)).slice(0, 2);
	for (const id of ids) await page.locator(`.row[data-document="${id}"] input[type=checkbox]`).check();
	await page.route('**/bulk', (r) => (r.request().postDataJSON().preview ? r.continue() : r.abort('connectionreset')));
	await page.locator('.bulk .button', { hasText: 'Ablegen' }).click();
	await page.locator('dialog .button-main').click();
	await page.locator('.preview li').nth(1).waitFor();
	await page.locator('dialog .button-main').click();
	await toast(page, '2 blieben liegen');
	for (const id of ids) same(await state(page, id), 'queued', 'state');
	await leaveRouted(page);
}

async function undoAfterReload() {
	const page = await atDesk();
	const item = await openWhere(page, withCandidate);
	await page.keyboard.press('Enter');
	await toast(page, 'Zugeordnet');
	await page.reload();
	await ready(page);
	await page.keyboard.press('u');
	await toast(page, 'Zurückgenommen');
	same(await state(page, item.document_id), 'queued', 'state after undo');
	await page.reload();
	await ready(page);
	await page.keyboard.press('u');
	await toast(page, 'nichts zurückzunehmen');
	await leaveRouted(page);
}

// The next person at this desk begins without what the one before decided.
async function undoOfAnother() {
	const page = await atDesk();
	const id = await openId(page);
	await page.keyboard.press('i');
	await page.locator('dialog .choice').first().waitFor();
	await page.keyboard.press('2');
	await toast(page, 'Ohne Kunden abgelegt');
	await page.locator('.account summary').click();
	await page.locator('.account-menu button').click();
	await page.locator('input[name=user]').waitFor();
	await login(page, 'leitung');
	await page.waitForSelector('.row');
	await ready(page);
	await page.keyboard.press('u');
	await toast(page, 'nichts zurückzunehmen');
	same(await state(page, id), 'ignored', 'what the one before decided');
	await leaveRouted(page);
}

// What is loaded ahead may still be on its way.
const leaveRouted = async (page) => {
	await page.unrouteAll({ behavior: 'ignoreErrors' });
	await leave(page);
};

async function othersAreABound() {
	const page = await atDesk();
	await openWith(page, { also_solves: 3, alias: { key: '47', spelling: '47', possible: true, why_not: null, why_not_de: null } });
	await page.locator('.effects-also', { hasText: 'bis zu 3' }).waitFor();
	await page.keyboard.press('a');
	await page.locator('.effects', { hasText: 'nur dieses Dokument' }).waitFor();
	same(await page.locator('.effects-also').count(), 0, 'others that it solves though nothing is remembered');
	await page.keyboard.press('a');
	await page.locator('.effects-also').waitFor();
	await leaveRouted(page);
}

async function othersOfAKnownNumber() {
	const page = await atDesk();
	const why = { why_not: 'the number is already a name of this contract', why_not_de: 'Die Nummer ist schon bekannt.' };
	await openWith(page, { also_solves: 3, alias: { key: '47', spelling: '47', possible: false, ...why } });
	await page.locator('.effects', { hasText: why.why_not_de }).waitFor();
	same(await page.locator('.effects-also').count(), 0, 'others that it solves though none of them is asked for');
	await leaveRouted(page);
}

// A document whose spelling can be remembered, of an insurer that is known; one Enter files it.
async function openRememberable(page) {
	const item = await openWhere(page, async (i) => {
		if (!i.candidates || i.lock || i.insurer.key === 'unknown') return false;
		const [first] = (await ask(page, `/documents/${i.document_id}?ahead=true`)).candidates;
		return !!first && first.effects.alias?.possible && isSpelling(first) && !first.confirm.length;
	});
	holds(item, 'a document whose spelling can be remembered');
	await page.locator('.effects input[type=checkbox]').waitFor();
	return item;
}

async function accepted(page) {
	const [answer] = await Promise.all([page.waitForResponse((r) => r.request().method() === 'POST' && r.url().endsWith('/assign')), page.keyboard.press('Enter')]);
	return { sent: answer.request().postDataJSON(), got: await answer.json() };
}

// One key files and remembers the number alone; that all are written so is proposed only if somebody says so, for this one document.
async function spellingProposed() {
	const page = await atDesk();
	await openRememberable(page);
	const simple = await accepted(page);
	same([simple.sent.alias_scope, simple.got.alias, simple.got.pattern_proposed], ['number', true, false], 'the simple way');
	await toast(page, 'Zugeordnet');
	const item = await openRememberable(page);
	holds(await page.getByRole('radio', { name: 'nur diese Nummer' }).isChecked(), 'only this number unless one says more');
	await page.keyboard.press('A');
	holds(await page.getByRole('radio', { name: `alle Nummern, die ${item.insurer.name} so schreibt (Vorschlag)` }).isChecked(), 'chosen by a key');
	const means = page.locator('.scope [role=status]');
	for (const words of ['nur ein Vorschlag', 'geprüft und angenommen', `vorpost insurers learn ${item.insurer.key}`]) await means.filter({ hasText: words }).waitFor();
	await picture(page, 'scope');
	await page.keyboard.press('a');
	same(await page.locator('.scope').count(), 0, 'scopes where nothing is remembered');
	await page.keyboard.press('a');
	const { sent, got } = await accepted(page);
	same([sent.alias_scope, got.alias, got.pattern_proposed], ['pattern', true, true], 'the proposal');
	await toast(page, 'Schreibweise vorgeschlagen');
	await openRememberable(page);
	holds(await page.getByRole('radio', { name: 'nur diese Nummer' }).isChecked(), 'the next document begins anew');
	await leaveRouted(page);
}

async function spellingOnPhone() {
	const page = await atDesk('sachbearbeitung', '', { viewport: { width: 360, height: 780 }, isMobile: true, hasTouch: true, colorScheme: 'dark' });
	await openRememberable(page);
	await page.locator('.scope label').last().tap();
	await page.locator('.scope [role=status]').scrollIntoViewIfNeeded();
	same(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, 'fits the phone');
	same(await violations(page), [], 'axe-core');
	await picture(page, 'phone-scope');
	await leaveRouted(page);
}

export async function told() {
	await test('that all numbers are written so is proposed if one says so, with what it means; the simple way is one key', spellingProposed);
	await test('the scope of what is remembered is chosen by finger, too, and fits a phone', spellingOnPhone);
	await test('others are solved by what is remembered alone, and how many is said as a bound', othersAreABound);
	await test('where the number is known already nothing is said to solve others', othersOfAKnownNumber);
	await test('a contract that is made solves no others at once, and does not say so', othersOfAContractMade);
	await test('a selection whose answer is lost: what was done is looked up, told and taken back', bulkAnswerLost);
	await test('a selection that never arrived is not done, and not told as done', bulkNeverArrived);
	await test('a decision is taken back after a reload as well, once', undoAfterReload);
	await test('who logs in at the same desk takes back nothing of the one before', undoOfAnother);
}
