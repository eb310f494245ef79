// troubles.mjs -- two at once, a line that is lost, a session that ends, and insurers who send what no insurer should.
import { ask, atDesk, base, holds, leave, openId, openWhere, queue, ready, rowIds, same, send, test, toast, withCandidate } from './kit.mjs';

export async function troubles() {
	await test('two clerks: the second sees who is at work, and who is first counts', async () => {
		const one = await atDesk('sachbearbeitung');
		const item = await openWhere(one, withCandidate);
		const assigned = async () => (await ask(one, `/documents/${item.document_id}`)).decisions.filter((d) => d.action === 'assign').length;
		const before = await assigned();
		const two = await atDesk('leitung');
		await openWhere(two, (i) => i.document_id === item.document_id);
		await two.locator('.notice-accent', { hasText: 'offen' }).waitFor();
		// The first decides; the second is told, and the row is gone from her list.
		await one.bringToFront();
		await one.keyboard.press('Enter');
		await toast(one, 'Zugeordnet');
		await two.locator('.gone').waitFor();
		await two.locator(`.row[data-document="${item.document_id}"]`).waitFor({ state: 'detached' });
		await two.keyboard.press('Enter');
		await two.waitForTimeout(300);
		same(await assigned(), before + 1, 'decisions');
		await leave(one);
		await leave(two);
	});

	await test('an undo never takes back what a colleague decided since, and says so', async () => {
		const one = await atDesk('sachbearbeitung');
		await one.route('**/queue/stream', (r) => r.abort());
		const item = await openWhere(one, withCandidate);
		await one.keyboard.press('Enter');
		await toast(one, 'Zugeordnet');
		const two = await atDesk('leitung');
		const at = `/documents/${item.document_id}`;
		const back = await send(two, 'POST', `${at}/undo`, { version: (await ask(two, at)).version });
		const theirs = await send(two, 'POST', `${at}/ignore`, { version: back.body.document.version, reason: 'other' });
		same(theirs.status, 200, 'the colleague decides otherwise');
		await one.bringToFront();
		await one.keyboard.press('u');
		await toast(one, 'Nicht zurückgenommen');
		same((await ask(two, at)).state, 'ignored', 'what the colleague decided');
		await leave(two);
		await leave(one);
	});

	await test('a decision about what has changed is refused, and the new state is shown', async () => {
		const one = await atDesk('sachbearbeitung');
		// The stream is cut from the beginning, so that the page cannot know.
		await one.route('**/queue/stream', (r) => r.abort());
		await one.reload();
		await ready(one);
		const item = await openWhere(one, withCandidate);
		const two = await atDesk('leitung');
		const at = `/documents/${item.document_id}`;
		const handed = await send(two, 'POST', `${at}/hand-over`, { version: (await ask(two, at)).version, to: 'sachbearbeitung', note: 'Bitte ansehen' });
		same(handed.status, 200, 'a colleague hands it over');
		await leave(two);
		await one.bringToFront();
		await one.keyboard.press('Enter');
		await toast(one, 'geändert');
		same(await openId(one), item.document_id, 'it stays open');
		same((await ask(one, `/documents/${item.document_id}`)).state, 'queued', 'state');
		await leave(one);
	});

	await test('a line that is lost: it is said, nothing is lost, and it goes on by itself', async () => {
		const page = await atDesk();
		await openWhere(page, withCandidate);
		await page.keyboard.press('x');
		const id = await openId(page);
		await page.context().setOffline(true);
		await page.keyboard.press('Enter');
		await toast(page, 'nicht erreichbar');
		await page.locator('.offline').waitFor();
		same(await openId(page), id, 'what is open');
		await page.context().setOffline(false);
		await toast(page, 'Verbindung steht wieder');
		await page.locator('.offline').waitFor({ state: 'detached' });
		await toast(page, 'kam nicht an');
		same(await page.locator('.row-picked').count(), 1, 'the selection');
		same((await ask(page, `/documents/${id}`)).state, 'queued', 'state');
		await page.keyboard.press('Enter');
		await toast(page, 'Zugeordnet');
		await leave(page);
	});

	await test('an answer that is lost: what became of the decision is looked up and said, and it can be taken back', async () => {
		const page = await atDesk();
		const item = await openWhere(page, withCandidate);
		// The server does it; what it says of it never comes.
		await page.route('**/assign', async (r) => {
			await r.fetch();
			await r.abort('connectionreset');
		}, { times: 1 });
		const asked = page.waitForRequest('**/assign');
		await page.keyboard.press('Enter');
		await asked;
		await toast(page, 'wird geprüft');
		await toast(page, 'kam an');
		same((await ask(page, `/documents/${item.document_id}`)).state, 'filed', 'state');
		holds((await openId(page)) !== item.document_id, 'the next one is open');
		await page.locator('.offline').waitFor({ state: 'detached' });
		await page.keyboard.press('u');
		await toast(page, 'Zurückgenommen');
		same((await ask(page, `/documents/${item.document_id}`)).state, 'queued', 'state after undo');
		await leave(page);
	});

	await test('a long upload is not given up: how far it is is said', async () => {
		const page = await atDesk('leitung', '#/queue');
		await page.clock.install();
		await page.evaluate(() => (location.hash = '#/contracts'));
		let go;
		const held = new Promise((r) => (go = r));
		await page.route('**/contracts/import?**', async (r) => {
			await held;
			await r.continue();
		});
		await page.locator('.button', { hasText: 'Bestand einlesen' }).first().click();
		await page.setInputFiles('dialog input[type=file]', { name: 'bestand.csv', mimeType: 'text/csv', buffer: Buffer.from('contract_id,vu,number\nX-1,5999,4711\n') });
		await page.locator('dialog .button-main').click();
		await page.locator('dialog', { hasText: 'übertragen' }).waitFor();
		await page.clock.fastForward(120_000);
		same((await page.locator('dialog [role=alert]').allTextContents()).filter(Boolean), [], 'complaints');
		go();
		await page.clock.resume();
		await page.locator('dialog .figures').waitFor();
		await leave(page);
	});

	await test('who goes to another page before the server has answered stays there, and what was decided and taken back is so', async () => {
		const page = await atDesk();
		const item = await openWhere(page, withCandidate);
		let held;
		await page.route(/\/(assign|undo)$/, async (r) => {
			await held;
			await r.continue();
		});
		const away = async (key, words) => {
			let go;
			held = new Promise((r) => (go = r));
			await page.keyboard.press(key);
			await page.waitForTimeout(100);
			await page.evaluate(() => (location.hash = '#/statistics'));
			await page.locator('main.main-statistics').waitFor();
			go();
			await toast(page, words);
			await page.waitForTimeout(500);
			same(await page.evaluate(() => location.hash), '#/statistics', 'where one is');
		};
		await away('Enter', 'Zugeordnet');
		same((await ask(page, `/documents/${item.document_id}`)).state, 'filed', 'state');
		await page.evaluate(() => (location.hash = '#/queue'));
		await ready(page);
		await away('u', 'Zurückgenommen');
		same((await ask(page, `/documents/${item.document_id}`)).state, 'queued', 'state after undo');
		await leave(page);
	});

	await test('a session that ends: one logs in again over the page and goes on at the same place', async () => {
		const page = await atDesk();
		await openWhere(page, withCandidate);
		const id = await openId(page);
		await page.context().clearCookies();
		await page.keyboard.press('Enter');
		await page.locator('dialog input[name=password]').waitFor();
		same(await openId(page), id, 'what is open');
		await page.fill('dialog input[name=password]', process.env.VORPOST_PASSWORD);
		await page.keyboard.press('Enter');
		await page.locator('dialog').waitFor({ state: 'detached' });
		await page.keyboard.press('Enter');
		await toast(page, 'Zugeordnet');
		same((await ask(page, `/documents/${id}`)).state, 'filed', 'state');
		await leave(page);
	});

	await test('a new password: one goes on in a fresh session, in the other tab as well; elsewhere it is over', async () => {
		const other = 'ein ganz anderes Losungswort';
		const page = await atDesk('vertretung');
		const elsewhere = await atDesk('vertretung');
		const cookie = async () => (await page.context().cookies()).find((c) => c.name === 'vorpost_session')?.value;
		const before = await cookie();
		const tab = await page.context().newPage();
		await tab.goto(`${base}#/settings`);
		await tab.fill('input[autocomplete=current-password]', process.env.VORPOST_PASSWORD);
		await tab.fill('input[autocomplete=new-password]', other);
		await tab.keyboard.press('Enter');
		await toast(tab, 'Passwort ist geändert');
		// The browser puts the new one in the old one's place in its own time, and has none in between.
		for (let patience = 0; patience < 100 && [undefined, before].includes(await cookie()); patience++) await page.waitForTimeout(100);
		holds(![undefined, before].includes(await cookie()), 'the cookie is another');
		await page.bringToFront();
		const item = await openWhere(page, withCandidate);
		await page.keyboard.press('Enter');
		await toast(page, 'Zugeordnet');
		same((await ask(page, `/documents/${item.document_id}`)).state, 'filed', 'state');
		await elsewhere.keyboard.press('j');
		await elsewhere.locator('dialog input[name=password]').waitFor();
		same(await send(tab, 'POST', '/me/password', { current: other, password: process.env.VORPOST_PASSWORD }).then((a) => a.status), 200, 'and back');
		await leave(elsewhere);
		await leave(page);
	});

	await test('a server error is said, and "again" loads the list', async () => {
		const page = await atDesk();
		await page.route('**/api/v1/queue?**', (r) => r.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify({ type: 'urn:vorpost:problem:busy', title: 'busy', status: 503, detail: 'busy', detail_de: 'Die Datenbank ist gerade nicht da.' }) }));
		await page.reload();
		await page.locator('[role=alert]', { hasText: 'Die Datenbank ist gerade nicht da.' }).first().waitFor();
		await page.unroute('**/api/v1/queue?**');
		await page.locator('.list .button', { hasText: 'Noch einmal' }).click();
		await page.waitForSelector('.row');
		await leave(page);
	});

	await test('hostile names and files are shown as what they are, and nothing of them runs', async () => {
		const page = await atDesk();
		const hostile = [];
		for await (const i of queue(page)) if (/<script|onerror|\u202e/.test(`${i.name_on_document}${i.file.name}`)) hostile.push(i);
		holds(hostile.length >= 2, `hostile fixtures in the queue: ${hostile.length}`);
		for (const { document_id } of hostile) {
			await openWhere(page, (i) => i.document_id === document_id);
			await page.waitForTimeout(300);
			const seen = await page.evaluate(() => document.body.innerText);
			holds(!/\u202e/.test(seen), 'no character turns the reading direction');
			same(await page.evaluate(() => document.querySelectorAll('script:not([src]), img[src=x], iframe, object, embed').length), 0, 'foreign elements');
			same(await page.evaluate(() => window.vorpost_was_here), undefined, 'what a script would have set');
		}
		await leave(page);
	});

	await test('an empty queue does not forget what was put off', async () => {
		const page = await atDesk();
		let others = 3;
		const nothing = { status: 200, contentType: 'application/json', body: JSON.stringify({ items: [], next: null }) };
		await page.route('**/api/v1/queue?**', (r) => (r.request().url().includes('state=postponed') ? r.fallback() : r.fulfill(nothing)));
		await page.route('**/api/v1/queue/counts**', async (r) => {
			const now = await (await r.fetch()).json();
			await r.fulfill({ json: { ...now, queued: others, postponed: 2 } });
		});
		await page.reload();
		await page.locator('.list .empty-good', { hasText: '3 Dokumente warten noch' }).waitFor();
		others = 0;
		await page.reload();
		await page.locator('.list .empty-good', { hasText: 'Alles geklärt' }).waitFor();
		await page.locator('.list .empty-good .button', { hasText: '2 Dokumente sind zurückgestellt' }).click();
		await page.waitForURL(/state=postponed/);
		await leave(page);
	});

	await test('a file that is no PDF says so, and can be decided all the same', async () => {
		const page = await atDesk();
		await page.route('**/bytes', (r) => r.fulfill({ status: 200, contentType: 'application/pdf', body: '%PDF-1.7\nand then nothing of the kind' }));
		const item = await openWhere(page, async (i) => i.file.media_type === 'application/pdf' && (await withCandidate(i, page)));
		await page.locator('.viewer .empty', { hasText: 'nicht anzeigen' }).waitFor();
		await page.keyboard.press('Enter');
		await toast(page, 'Zugeordnet');
		same((await ask(page, `/documents/${item.document_id}`)).state, 'filed', 'state');
		await leave(page);
	});

	await test('the focus is not stolen: a decision by key leaves it where it is', async () => {
		const page = await atDesk();
		await openWhere(page, withCandidate);
		await page.locator('.viewer-box').focus();
		const ids = await rowIds(page);
		await page.keyboard.press('j');
		await ready(page, ids[0]);
		await page.waitForTimeout(200);
		same(await page.evaluate(() => document.activeElement === document.body || document.activeElement?.classList.contains('viewer-box')), true, 'the focus');
		// What is typed into the search is text, not a command.
		await page.locator('.filters input[type=search]').focus();
		const before = await openId(page);
		await page.keyboard.type('jkixnu');
		await page.waitForTimeout(100);
		same(await page.locator('dialog').count(), 0, 'dialogs');
		holds((await openId(page)) === before || (await openId(page)) === '', 'keys in a field move nothing');
		await leave(page);
	});

	await test('the audit log has who looked at what', async () => {
		const page = await atDesk('leitung');
		const id = await openId(page);
		const { items } = await ask(page, '/audit?limit=50');
		holds(items.some((a) => a.object === id && a.user === 'leitung'), 'the view of the open document');
		await leave(page);
	});

	await test('logging out ends it: the back button shows nothing, the cookie opens nothing', async () => {
		const page = await atDesk();
		await page.locator('.account summary').click();
		await page.locator('.account-menu button').click();
		await page.locator('input[name=user]').waitFor();
		const me = await page.evaluate(async () => (await fetch('/api/v1/me')).status);
		same(me, 401, 'who one is');
		await page.goBack().catch(() => {});
		await page.waitForTimeout(300);
		same(await page.locator('.row').count(), 0, 'rows');
		await leave(page);
	});

}
