// dialogs.mjs -- axe-core with every dialog, preview, message and confirmation open, in both languages and schemes; and what is
// easily forgotten on a phone: deciding about many, and what nobody could read.
import { ask, atDesk, holds, leave, openId, openWhere, picture, rowIds, same, test, toast, withHeld } from './kit.mjs';
import { settle, violations } from './looks.mjs';

const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const busy = { status: 503, contentType: 'application/problem+json', body: JSON.stringify({ type: 'urn:vorpost:problem:busy', title: 'busy', status: 503, detail: 'The database is away.', detail_de: 'Die Datenbank ist gerade nicht da.' }) };

const shut = async (page) => {
	await page.keyboard.press('Escape');
	await page.locator('dialog').waitFor({ state: 'detached' });
};
const find = async (page, contract) => {
	await page.fill('dialog [role=combobox]', contract.number);
	await page.locator('.find-row', { hasText: contract.printed_number || contract.number }).first().click();
};

// Filed nowhere: each of them is only looked at, and what is done for a message is taken back.
async function ofTheDocument(page, look) {
	const stock = (await ask(page, '/contracts?limit=100')).items.filter((c) => c.holder?.name && !c.ends_on);
	const one = await openWhere(page, (i) => !i.lock && i.insurer.key !== 'unknown' && i.number?.delivered);
	const two = [stock[0], stock.find((c) => c.customer_id !== stock[0].customer_id)];
	await page.keyboard.press('/');
	await page.locator('dialog .dialog-foot input[type=checkbox]').first().check();
	for (const c of two) await find(page, c);
	await page.locator('dialog .notice-warn').waitFor();
	await look('several');
	await shut(page);
	const strange = stock.find((c) => c.insurer.key !== one.insurer.key);
	await page.keyboard.press('/');
	await page.locator('dialog .dialog-foot input[type=checkbox]').first().check();
	await find(page, strange);
	await page.locator('dialog .button-main').click();
	await page.locator('dialog .sentences').waitFor();
	await look('confirm');
	await page.keyboard.press('Escape');
	await shut(page);
	const against = await openWhere(page, async (i) => !i.lock && (await ask(page, `/documents/${i.document_id}?ahead=true`)).candidates[0]?.confirm.length);
	holds(against, 'a document with an objection');
	for (const width of [1440, 1000]) {
		await page.setViewportSize({ width, height: 900 });
		await nothingBeside(page);
	}
	await page.setViewportSize({ width: 1440, height: 900 });
	await page.keyboard.press('Enter');
	await page.locator('.against-all[role=alert]').waitFor();
	await look('objections');
	await page.keyboard.press('Escape');
	await page.locator('.against-all[role=alert]').waitFor({ state: 'detached' });
	holds(await page.locator('.accept .button-wide', { hasText: /trotz Einwand|despite/i }).count(), 'Enter asks anew');
}

// Whatever a text is as long as, it wraps: nothing is beside the window.
async function nothingBeside(page) {
	const out = await page.$$eval('.side *', (all) => all.filter((e) => e.getBoundingClientRect().right > innerWidth + 1).map((e) => `${e.className} ${e.textContent.slice(0, 40)}`));
	same(out.slice(0, 5), [], 'what is beside the window');
}

async function ofMany(page, look) {
	const stock = (await ask(page, '/contracts?limit=5')).items;
	await page.keyboard.press('x');
	await page.keyboard.press('j');
	await page.keyboard.press('x');
	await look('bulk');
	for (const [at, name] of ['assign', 'ignore', 'postpone'].entries()) {
		await page.locator('.bulk-acts .button').nth(at).click();
		if (name === 'assign') await find(page, stock[0]);
		await look(`bulk-${name}`);
		await page.locator('dialog .button-main').click();
		await page.locator('.preview li').nth(1).waitFor();
		await look(`bulk-${name}-preview`);
		await shut(page);
	}
}

async function messages(page, look) {
	await page.route('**/ignore', (r) => r.fulfill(busy), { times: 1 });
	await page.keyboard.press('i');
	await page.locator('dialog .choice').first().waitFor();
	await page.keyboard.press('2');
	// Over the dialog, not behind it: it can be read and pressed.
	await look('message-in-dialog');
	await page.locator('.toast-bad button').last().click().catch(async (e) => {
		if (await page.locator('.toast-bad').count()) throw e; // else it went by itself meanwhile
	});
	await page.locator('.toast-bad').waitFor({ state: 'detached' });
	await page.keyboard.press('2');
	await page.locator('.toast-good .toast-act').waitFor();
	await look('messages');
	await page.keyboard.press('u');
	await page.locator('.toast-act').waitFor({ state: 'detached' });
	await toast(page, (await page.evaluate(() => document.documentElement.lang)) === 'de' ? 'Zurückgenommen' : 'Undone');
}

async function ofThePages(page, look) {
	const go = async (hash) => {
		await page.evaluate((h) => (location.hash = h), hash);
		await settle(page);
	};
	await go('#/insurers');
	await page.locator('.connection-foot [aria-expanded]').first().click();
	await page.locator('.quarantine li').first().waitFor();
	await look('quarantine');
	await page.locator('.connection-foot .button:has(.icon)').last().click();
	await look('pause');
	await shut(page);
	await go('#/contracts');
	await page.locator('.page-acts .button').last().click();
	await page.setInputFiles('dialog input[type=file]', { name: 'bestand.csv', mimeType: 'text/csv', buffer: Buffer.from('contract_id,vu,number,name\nX-1,5999,4711815,Tannhuber\nX-2,,,\n') });
	await page.locator('dialog .button-main').click();
	await page.locator('dialog .figures').waitFor();
	await look('import');
	await shut(page);
	await go('#/users');
	await page.locator('.page-acts .button').last().click();
	await look('user-add');
	await shut(page);
	await page.locator('.table .link').first().click();
	await look('user');
	await shut(page);
	await page.context().clearCookies();
	await go('#/queue');
	await page.locator('dialog input[name=password]').waitFor();
	await look('expired');
}

// Each is opened once and looked at in both schemes.
async function everyDialog(language) {
	const page = await atDesk('leitung');
	await page.addInitScript((l) => localStorage.setItem('vorpost', JSON.stringify({ language: l })), language);
	await page.reload();
	await page.waitForSelector('.row');
	const wrong = [];
	const look = async (name) => {
		for (const colorScheme of ['light', 'dark']) {
			await page.emulateMedia({ colorScheme });
			await settle(page);
			await picture(page, `${language}-${colorScheme}-dialog-${name}`);
			for (const v of await violations(page)) wrong.push(`${name}, ${colorScheme}: ${v}`);
		}
	};
	for (const act of [ofTheDocument, ofMany, messages, ofThePages]) await act(page, look);
	same(wrong, [], 'complaints of axe-core');
	await leave(page);
}

async function fits(page, what) {
	same(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `${what} fits the phone`);
	const out = await page.evaluate(() => [...document.querySelectorAll('dialog[open] button, dialog[open] input, .bulk button, .quarantine button')].filter((e) => {
		const box = e.getBoundingClientRect();
		return box.width > 0 && (box.left < 0 || box.right > innerWidth + 1);
	}).map((e) => e.textContent));
	same(out, [], `what of ${what} is beside the phone`);
	// 24 pixels of the page are what a finger needs at least (WCAG 2.5.8).
	const small = await page.evaluate(() => [...document.querySelectorAll('dialog[open] .button, .bulk button, .quarantine button')].filter((e) => {
		const box = e.getBoundingClientRect();
		return box.width > 0 && (box.width < 24 || box.height < 24);
	}).map((e) => e.textContent));
	same(small, [], `what of ${what} is too small for a finger`);
	same(await violations(page), [], `axe-core: ${what}`);
}

async function manyOnPhone() {
	const page = await atDesk('sachbearbeitung', '', phone);
	const ids = (await rowIds(page)).slice(0, 2);
	for (const id of ids) await page.locator(`.row[data-document="${id}"] .row-pick`).tap();
	await page.locator('.bulk', { hasText: '2 ausgewählt' }).waitFor();
	await picture(page, 'phone-bulk');
	await fits(page, 'the selection');
	await page.locator('.bulk-acts .button', { hasText: 'Ablegen' }).tap();
	await page.locator('dialog .choice', { hasText: 'Rundschreiben' }).tap();
	await settle(page);
	await picture(page, 'phone-bulk-ignore');
	await fits(page, 'the question');
	await page.locator('dialog .button-main').tap();
	await page.locator('.preview li').nth(1).waitFor();
	await settle(page);
	await picture(page, 'phone-bulk-preview');
	await fits(page, 'the preview');
	await page.locator('dialog .button-main').tap();
	await toast(page, '2 Dokumente abgelegt');
	await picture(page, 'phone-bulk-done');
	for (const id of ids) same((await ask(page, `/documents/${id}`)).state, 'ignored', 'state');
	await page.locator('.toast-act').tap();
	await toast(page, 'Zurückgenommen');
	for (const id of ids) same((await ask(page, `/documents/${id}`)).state, 'queued', 'state after undo');
	same(await openId(page) ? 'a document' : 'the list', 'a document', 'what was taken back is shown');
	await leave(page);
}

// Where a finger wants to press nothing else lies on top.
async function free(page, what) {
	const covered = await page.locator(what).evaluateAll((all) => all.filter((e) => e.getBoundingClientRect().height > 0).map((e) => {
		e.scrollIntoView({ block: 'nearest' });
		const b = e.getBoundingClientRect();
		const top = document.elementFromPoint(b.left + b.width / 2, b.top + b.height / 2);
		return e.contains(top) || !top ? null : `${e.textContent} below ${top.className}`;
	}).filter(Boolean));
	same(covered, [], 'what is covered');
}

async function messagesOnPhone() {
	const page = await atDesk('sachbearbeitung', '', phone);
	const item = await openWhere(page, withHeld);
	holds(item, 'a document that one tap files');
	await page.locator('.accept .button-wide').tap();
	await page.locator('.toast-good .toast-act').waitFor();
	await settle(page);
	await picture(page, 'phone-decided');
	await free(page, '.accept .button-wide, .acts .button:not(:disabled), .detail-head button');
	await page.locator('.detail-head .only-phone').tap();
	await page.locator('.row-pick').first().tap();
	await settle(page);
	await free(page, '.bulk button, .toast button');
	await picture(page, 'phone-bulk-message');
	await page.locator('.toast-act').tap();
	await toast(page, 'Zurückgenommen');
	same((await ask(page, `/documents/${item.document_id}`)).state, 'queued', 'state after undo');
	await leave(page);
}

async function quarantineOnPhone() {
	const page = await atDesk('leitung', '', phone);
	await page.evaluate(() => (location.hash = '#/insurers'));
	await page.locator('.connection-foot [aria-expanded]').first().tap();
	const row = page.locator('.quarantine li').first();
	await row.waitFor();
	await picture(page, 'phone-quarantine');
	await fits(page, 'the quarantine');
	const again = row.getByRole('button', { name: 'Noch einmal versuchen' });
	await again.tap();
	await toast(page, 'wird beim nächsten Abruf noch einmal versucht');
	holds(await again.isDisabled(), 'asked once is asked');
	await leave(page);
}

export async function dialogs() {
	for (const language of ['de', 'en']) await test(`dialogs: each without a complaint of axe-core, ${language}`, () => everyDialog(language));
	await test('dialogs: on a phone two documents are decided at once by finger, seen before, and taken back', manyOnPhone);
	await test('dialogs: on a phone a message covers nothing that one may want to press', messagesOnPhone);
	await test('dialogs: on a phone what nobody could read is looked at and tried again', quarantineOnPhone);
}
