// actions.mjs -- every action of the queue page by its key, and what the server then knows.
import { ask, atDesk, holds, isSpelling, leave, login, openId, openWhere, person, ready, rowIds, same, send, single, stranger, test, toast, withCandidate, withHeld } from './kit.mjs';

const state = async (page, id) => (await ask(page, `/documents/${id}`)).state;
const lastAction = async (page, id) => (await ask(page, `/documents/${id}`)).decisions.at(-1)?.action;

async function withMark(page) {
	for (let patience = 0; patience < 60; patience++) {
		for (const item of (await ask(page, '/queue?limit=40')).items.filter((i) => i.file.media_type === 'application/pdf' && i.number)) {
			const text = await page.evaluate(async (id) => (await fetch(`/api/v1/documents/${id}/text`)).json(), item.document_id);
			if (text.highlights?.length) return item.document_id;
		}
		await page.waitForTimeout(500);
	}
	return null;
}

// What speaks against it is shown; after a moment to read it, the same key says that it is known.
async function sureEnough(page) {
	await page.locator('.against-all[role=alert]').waitFor();
	await page.waitForTimeout(600);
	await page.keyboard.press('Enter');
}

export async function actions() {
	await test('where much speaks against it, one Enter files nothing: not held down, not pressed twice at once', async () => {
		const page = await atDesk();
		const against = async (i) => i.candidates > 0 && !i.lock && (await ask(page, `/documents/${i.document_id}?ahead=true`)).candidates[0]?.confirm.length > 0;
		const item = await openWhere(page, against);
		holds(item, 'a document with an objection');
		const objection = (await ask(page, `/documents/${item.document_id}`)).candidates[0].confirm[0];
		await page.keyboard.down('Enter');
		for (let held = 0; held < 20; held++) await page.keyboard.down('Enter');
		await page.keyboard.up('Enter');
		await page.locator('.against-all[role=alert]', { hasText: objection.says_de }).waitFor();
		// Twice in the very same moment: told by the page itself, as a driver may be slower than a person who reads.
		await page.keyboard.press('1');
		await page.locator('.against-all[role=alert]').waitFor({ state: 'detached' });
		await page.evaluate(() => [1, 2].forEach(() => dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }))));
		await page.locator('.against-all[role=alert]').waitFor();
		await page.waitForTimeout(600);
		same(await state(page, item.document_id), 'queued', 'state after one Enter');
		await page.locator('.accept .button-wide', { hasText: 'Trotzdem' }).click();
		await toast(page, 'Zugeordnet');
		same(await state(page, item.document_id), 'filed', 'state after the second');
		await leave(page);
	});

	await test('a wrong password is refused in German, the right one opens the queue', async () => {
		const page = await person();
		await page.goto((await import('./kit.mjs')).base);
		await page.fill('input[name=user]', 'sachbearbeitung');
		await page.fill('input[name=password]', 'nicht das richtige');
		await page.keyboard.press('Enter');
		await page.locator('.form-error', { hasText: 'stimmt nicht' }).waitFor();
		await login(page);
		await page.waitForSelector('.row');
		await leave(page);
	});

	await test('j, k and the arrows walk the list; the address keeps the place; a reload finds it again', async () => {
		const page = await atDesk();
		const ids = await rowIds(page);
		same(await openId(page), ids[0], 'the first opens by itself');
		await page.keyboard.press('j');
		await page.keyboard.press('ArrowDown');
		await page.keyboard.press('k');
		await ready(page, ids[0]);
		same(await openId(page), ids[1], 'after j, down, k');
		await page.reload();
		await ready(page);
		same(await openId(page), ids[1], 'after a reload');
		await leave(page);
	});

	await test('Enter files at the first candidate, the next of the same list opens, u takes it back', async () => {
		const page = await atDesk();
		const item = await openWhere(page, withHeld);
		holds(item, 'a document that one Enter files, and whose customer is told later');
		const ids = await rowIds(page);
		const at = ids.indexOf(item.document_id);
		await page.keyboard.press('Enter');
		await toast(page, 'Zugeordnet');
		await ready(page, item.document_id);
		if (at >= 0 && at + 1 < ids.length) same(await openId(page), ids[at + 1], 'what is open');
		same(await state(page, item.document_id), 'filed', 'state');
		await page.locator('.toast-clock', { hasText: 'noch' }).waitFor();
		await page.keyboard.press('u');
		await toast(page, 'Zurückgenommen');
		await page.waitForFunction((id) => document.querySelector('.detail')?.getAttribute('data-document') === id, item.document_id);
		same(await state(page, item.document_id), 'queued', 'state after undo');
		await leave(page);
	});

	await test('1 to 9 choose a candidate, and what accepting does is said before', async () => {
		const page = await atDesk();
		const free = async (i) => i.candidates > 1 && !i.lock && !(await ask(page, `/documents/${i.document_id}?ahead=true`)).candidates[1]?.confirm.length;
		const item = await openWhere(page, free);
		holds(item, 'a document with two candidates');
		await page.keyboard.press('2');
		await page.locator('.cand:nth-child(2).cand-on').waitFor();
		const chosen = (await ask(page, `/documents/${item.document_id}`)).candidates[1];
		const said = await page.locator('.effects').innerText();
		holds(said.includes(chosen.printed_number || chosen.number), `the effects name ${chosen.number}: ${said}`);
		await page.keyboard.press('Enter');
		await toast(page, 'Zugeordnet');
		const filed = (await ask(page, `/documents/${item.document_id}`)).contracts.map((c) => c.contract_id);
		same(filed, [chosen.contract_id], 'where it is filed');
		await leave(page);
	});

	await test('a says whether the spelling is remembered', async () => {
		const page = await atDesk();
		let item = null;
		for (const row of (await ask(page, '/queue?limit=200')).items.filter((i) => i.candidates && !i.lock)) {
			const d = await ask(page, `/documents/${row.document_id}`);
			if (d.candidates[0].effects.alias.possible && isSpelling(d.candidates[0]) && !d.candidates[0].confirm.length) item = row;
			if (item) break;
		}
		holds(item, 'a document whose spelling can be remembered');
		await openWhere(page, (i) => i.document_id === item.document_id);
		const box = page.locator('.effects input[type=checkbox]');
		holds(await box.isChecked(), 'remembering is offered');
		await page.keyboard.press('a');
		holds(!(await box.isChecked()), 'a switches it off');
		const [request] = await Promise.all([page.waitForRequest((r) => r.url().endsWith('/assign')), page.keyboard.press('Enter')]);
		same(request.postDataJSON().alias, false, 'alias in the request');
		await toast(page, 'Zugeordnet');
		await leave(page);
	});

	await test('/ searches the stock and files at what was found', async () => {
		const page = await atDesk();
		const { document_id: id } = await openWhere(page, single);
		const contract = await stranger(page, id);
		await page.keyboard.press('/');
		await page.locator('dialog [role=combobox]:focus').waitFor();
		await page.keyboard.type(contract.number);
		await page.locator('.find-list:not([aria-busy=true]) .find-row', { hasText: contract.printed_number || contract.number }).first().waitFor();
		await page.keyboard.press('Enter');
		// It becomes a candidate with why and why not; only the next Enter files.
		await page.locator('.cand-on', { hasText: 'Aus der Suche' }).waitFor();
		same(await state(page, id), 'queued', 'state before accepting');
		await page.keyboard.press('Enter');
		if (await page.locator('.against-all').count()) await sureEnough(page);
		await toast(page, 'Zugeordnet');
		same((await ask(page, `/documents/${id}`)).contracts.map((c) => c.contract_id), [contract.contract_id], 'where it is filed');
		await leave(page);
	});

	await test('a collective document goes to several contracts, and different customers are asked about', async () => {
		const page = await atDesk();
		const id = await openId(page);
		const stock = (await ask(page, '/contracts?limit=100')).items.filter((c) => c.holder?.name && !c.ends_on);
		const first = stock[0];
		const other = stock.find((c) => c.customer_id !== first.customer_id);
		await page.keyboard.press('/');
		await page.getByLabel('Sammeldokument').check();
		for (const c of [first, other]) {
			await page.fill('dialog [role=combobox]', c.number);
			await page.locator('.find-row', { hasText: c.printed_number || c.number }).first().click();
		}
		const go = page.locator('dialog .button-main');
		holds(await go.isDisabled(), 'not without being sure');
		await page.getByLabel('verschiedenen Kunden').check();
		holds(await go.isDisabled(), 'not without a reason');
		await page.getByLabel('Warum darf jeder').fill('Eheleute, eine Rechnung');
		await go.click();
		const sure = page.getByRole('button', { name: 'Trotzdem hier ablegen' }); // asked first, or not
		sure.click().catch(() => {});
		await toast(page, 'Zugeordnet');
		same((await ask(page, `/documents/${id}`)).contracts.map((c) => c.contract_id).sort(), [first.contract_id, other.contract_id].sort(), 'contracts');
		await leave(page);
	});

	await test('what was filed by itself is filed elsewhere by a person, and counts as corrected', async () => {
		const page = await atDesk('leitung');
		const corrected = async () => (await ask(page, '/statistics')).by_tier.reduce((n, t) => n + t.corrected, 0);
		const before = await corrected();
		const stock = (await ask(page, '/contracts?limit=100')).items.filter((c) => !c.ends_on);
		let wrong = null;
		for (const c of stock) {
			const filed = (await ask(page, `/contracts/${c.contract_id}`)).documents.find((d) => d.tier === 'exact' && d.business_class.code !== 'settlement');
			if (filed) wrong = { ...filed, at: c };
			if (wrong) break;
		}
		holds(wrong, 'a document that was filed by itself');
		const right = stock.find((c) => c.contract_id !== wrong.at.contract_id && c.insurer.key === wrong.at.insurer.key);
		await page.evaluate((to) => (location.hash = to), `#/queue/${wrong.document_id}`);
		await page.locator('.gone', { hasText: 'Von selbst zugeordnet' }).getByRole('button', { name: 'Anders zuordnen' }).click();
		await page.fill('dialog [role=combobox]', right.number);
		await page.locator('.find-row', { hasText: right.printed_number || right.number }).first().click();
		await page.locator('.cand-on', { hasText: 'Aus der Suche' }).waitFor();
		await page.locator('dialog').waitFor({ state: 'detached' });
		await page.evaluate(() => document.activeElement.blur());
		const against = await page.locator('.against-all').count();
		await page.keyboard.press('Enter');
		if (against) await sureEnough(page);
		await toast(page, 'Zugeordnet');
		const now = await ask(page, `/documents/${wrong.document_id}`);
		same([now.contracts[0].contract_id, now.tier, now.decisions.at(-1).action], [right.contract_id, 'person', 'assign'], 'where it is, and by whom');
		same(await corrected(), before + 1, 'corrections in the statistics');
		await leave(page);
	});

	await test('i asks for one reason, one key more decides', async () => {
		const page = await atDesk();
		const id = await openId(page);
		await page.keyboard.press('i');
		await page.locator('dialog .choice').first().waitFor();
		await page.keyboard.press('2');
		await toast(page, 'Ohne Kunden abgelegt');
		same(await state(page, id), 'ignored', 'state');
		await leave(page);
	});

	await test('p puts off until tomorrow, and the tab of what is put off has it', async () => {
		const page = await atDesk();
		const id = await openId(page);
		await page.keyboard.press('p');
		await page.locator('dialog .button-main:focus').waitFor();
		await page.keyboard.press('Enter');
		await toast(page, 'Zurückgestellt');
		await page.locator('.tab', { hasText: 'Zurückgestellt' }).click();
		await page.locator(`.row[data-document="${id}"]`).waitFor();
		await leave(page);
	});

	await test('g hands over with a note; the colleague finds it among hers', async () => {
		const page = await atDesk();
		const id = await openId(page);
		await page.keyboard.press('g');
		const colleagues = page.locator('dialog select:focus');
		await colleagues.waitFor();
		const offered = await colleagues.locator('option').evaluateAll((all) => all.map((o) => o.value));
		holds(offered.includes('leitung') && !offered.includes('sachbearbeitung') && !offered.includes('lesen'), `colleagues who may decide, without oneself: ${offered}`);
		await colleagues.selectOption('leitung');
		await page.locator('dialog textarea').fill('bitte mit der Kundin klären');
		await page.locator('dialog .button-main').click();
		await toast(page, 'Übergeben');
		const lead = await atDesk('leitung');
		await lead.locator('.tab', { hasText: 'Meine' }).click();
		await lead.locator(`.row[data-document="${id}"] .row-link`).click();
		await lead.locator('.notice', { hasText: 'bitte mit der Kundin klären' }).waitFor();
		await leave(lead);
		await leave(page);
	});

	await test('n makes a contract of what was delivered', async () => {
		const page = await atDesk();
		const item = await openWhere(page, (i) => i.number && i.insurer.key !== 'unknown' && i.reason?.code === 'number_unknown' && !i.lock);
		holds(item, 'a document with an unknown number');
		await page.keyboard.press('n');
		const field = (label) => page.locator('dialog').getByLabel(label, { exact: false });
		await field('Nachname').fill('Neukundin');
		await page.locator('dialog .button-main').click();
		await toast(page, 'angelegt');
		same(await lastAction(page, item.document_id), 'create', 'the last decision');
		await leave(page);
	});

	await test('n with a number that a contract has already offers that contract', async () => {
		const page = await atDesk();
		let known = null;
		const item = await openWhere(page, async (i) => {
			if (!i.number || i.insurer.key === 'unknown' || i.reason?.code !== 'number_unknown' || i.lock) return false;
			// of the same line: a second line of a bundle only wants a word
			known = (await ask(page, `/contracts?issuer=${i.insurer.key}&limit=200`)).items.find((c) => c.number && !c.ends_on && c.line === i.line);
			return !!known;
		});
		holds(item, 'a document with an unknown number, of an insurer that has a contract of its line');
		await page.keyboard.press('n');
		await page.locator('dialog .input.number').fill(known.number);
		await page.locator('dialog').getByLabel('Nachname').fill('Neukundin');
		await page.locator('dialog .button-main').click();
		await toast(page, 'hat diese Nummer schon');
		await page.locator('dialog').waitFor({ state: 'detached' });
		await page.locator('.cand-on').waitFor();
		same(await state(page, item.document_id), 'queued', 'state');
		await leave(page);
	});

	await test('n with the customer number of somebody else says whose it is, and asks before it files', async () => {
		const page = await atDesk();
		const item = await openWhere(page, (i) => i.number && i.insurer.key !== 'unknown' && i.reason?.code === 'number_unknown' && !i.lock);
		holds(item, 'a document with an unknown number');
		const { customer_id } = (await ask(page, '/contracts?limit=200')).items.find((c) => c.customer_id && c.holder?.name);
		const { holder } = await ask(page, `/customers/${encodeURIComponent(customer_id)}`);
		await page.keyboard.press('n');
		const field = (label) => page.locator('dialog').getByLabel(label, { exact: false });
		await field('Kundennummer').fill(`${customer_id}-0`);
		await page.locator('dialog', { hasText: 'im Bestand noch nicht vergeben' }).waitFor();
		await field('Kundennummer').fill(customer_id);
		await page.locator('dialog', { hasText: `im Bestand: ${[holder.first_name, holder.name].filter(Boolean).join(' ')}` }).waitFor();
		await field('Nachname').fill('Neukundin');
		await page.locator('dialog .button-main').click();
		await page.locator('dialog .against', { hasText: 'jemand anderes' }).waitFor();
		same(await state(page, item.document_id), 'queued', 'state');
		await leave(page);
	});

	await test('x and Shift+x select a range, it survives a refresh, and the preview comes before it is done', async () => {
		const page = await atDesk();
		const ids = await rowIds(page);
		await page.keyboard.press('x');
		await page.keyboard.press('j');
		await page.keyboard.press('j');
		await ready(page, ids[0]);
		await page.keyboard.press('X');
		same(await page.locator('.row-picked').count(), 3, 'selected');
		await send(page, 'POST', `/documents/${ids[2]}/lock`, {});
		await page.evaluate(() => dispatchEvent(new Event('online')));
		await page.waitForTimeout(500);
		same(await page.locator('.row-picked').count(), 3, 'selected after a refresh');
		await page.locator('.bulk .button', { hasText: 'Ablegen' }).click();
		await page.locator('dialog .button-main').click();
		await page.locator('.preview li').nth(2).waitFor();
		for (const id of ids.slice(0, 3)) same(await state(page, id), 'queued', 'state before it is done');
		await page.locator('dialog .button-main').click();
		await toast(page, '3 Dokumente abgelegt');
		for (const id of ids.slice(0, 3)) same(await state(page, id), 'ignored', 'state');
		await page.locator('.bulk').waitFor({ state: 'detached' });
		await leave(page);
	});

	await test('a preview of a selection that fails does nothing and says so; what was done to a selection is taken back at once', async () => {
		const page = await atDesk();
		const ids = (await rowIds(page)).slice(0, 2);
		for (const id of ids) await page.locator(`.row[data-document="${id}"] input[type=checkbox]`).check();
		await page.route('**/api/v1/bulk', (r) => r.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify({ type: 'urn:vorpost:problem:busy', title: 'busy', status: 503, detail: 'busy', detail_de: 'Die Datenbank ist gerade nicht da.' }) }));
		await page.locator('.bulk .button', { hasText: 'Ablegen' }).click();
		await page.locator('dialog .button-main').click();
		await toast(page, 'Die Datenbank ist gerade nicht da.');
		same(await page.locator('.preview').count(), 0, 'previews');
		same(await page.locator('.row-picked').count(), 2, 'selected still');
		await page.unroute('**/api/v1/bulk');
		await page.locator('dialog .button-main').click();
		await page.locator('.preview li').nth(1).waitFor();
		await page.locator('dialog .button-main').click();
		await toast(page, '2 Dokumente abgelegt');
		for (const id of ids) same(await state(page, id), 'ignored', 'state');
		await page.keyboard.press('u');
		await toast(page, 'Zurückgenommen');
		for (const id of ids) same(await state(page, id), 'queued', 'state after undo');
		await leave(page);
	});

	await test('filing many shows what it does to each, and what speaks against one is confirmed for that one', async () => {
		const page = await atDesk();
		const firstOf = async (i) => (await ask(page, `/documents/${i.document_id}?ahead=true`)).candidates[0];
		const one = await openWhere(page, async (i) => i.candidates && !i.lock && (await firstOf(i))?.confirm.length);
		holds(one, 'a document with an objection');
		one.first = await firstOf(one);
		await page.keyboard.press('x');
		await page.locator('.bulk .button', { hasText: 'zuordnen' }).click();
		await page.fill('dialog [role=combobox]', one.first.number);
		await page.locator('.find-row', { hasText: one.first.printed_number || one.first.number }).first().click();
		await page.locator('dialog .button-main').click();
		const line = page.locator('.preview li').first();
		await line.getByText(one.first.confirm[0].says_de).first().waitFor();
		await page.locator('dialog .notice', { hasText: one.first.insurer.name }).waitFor();
		holds(await page.locator('dialog .button-main').isDisabled(), 'nothing that can be done yet');
		await line.getByLabel('Trotzdem').check();
		const [sent] = await Promise.all([page.waitForRequest((r) => r.url().endsWith('/bulk')), page.locator('dialog .button-main').click()]);
		same(sent.postDataJSON().documents[0].confirm, one.first.confirm.map((o) => o.code), 'what is confirmed');
		await toast(page, '1 Dokument zugeordnet');
		same((await ask(page, `/documents/${one.document_id}`)).contracts[0].contract_id, one.first.contract_id, 'where it is filed');
		const free = await openWhere(page, withCandidate);
		const to = await firstOf(free);
		await page.keyboard.press('x');
		await page.locator('.bulk .button', { hasText: 'zuordnen' }).click();
		await page.fill('dialog [role=combobox]', to.number);
		await page.locator('.find-row', { hasText: to.printed_number || to.number }).first().click();
		await page.locator('dialog .button-main').click();
		await page.locator('.preview li', { hasText: 'Ereignis ' }).waitFor();
		await page.locator('.preview li', { hasText: 'nicht gemerkt' }).waitFor();
		await leave(page);
	});

	await test('Space pages, z zooms, the number is marked where the text layer found it', async () => {
		const page = await atDesk();
		const item = await openWhere(page, (i) => i.file.media_type === 'application/pdf' && i.number);
		holds(item, 'a PDF with a number');
		await page.locator('.sheet canvas').first().waitFor();
		const wide = await page.locator('.sheet').first().boundingBox();
		await page.keyboard.press('z');
		await page.waitForFunction((w) => document.querySelector('.sheet')?.getBoundingClientRect().width !== w, wide.width);
		await page.keyboard.press(' ');
		await page.waitForFunction(() => document.querySelector('.viewer-box').scrollTop > 0);
		// Words are read in the background, by the daemon.
		const found = await withMark(page);
		holds(found, 'a document whose number was found in its words');
		await openWhere(page, (i) => i.document_id === found);
		await page.locator('.pdf-marks rect').first().waitFor();
		await page.locator('.viewer-found', { hasText: 'gefunden' }).waitFor();
		await leave(page);
	});

	await test('the filter is in the address, and whoever opens the address sees the same', async () => {
		const page = await atDesk();
		await page.locator('[aria-expanded]').first().click();
		const select = page.locator('.filters-more .field', { hasText: 'Grund' }).locator('select');
		const value = await select.locator('option').nth(1).getAttribute('value');
		const answer = page.waitForResponse((r) => r.url().includes('/queue?') && r.url().includes(`reason=${value}`));
		await select.selectOption(value);
		const found = (await (await answer).json()).items.map((i) => i.document_id);
		holds(found.length > 0, 'the filter finds something');
		await page.waitForFunction((ids) => JSON.stringify([...document.querySelectorAll('.row')].map((r) => r.dataset.document)) === ids, JSON.stringify(found));
		holds((await page.evaluate(() => location.hash)).includes(`reason=${value}`), 'the address');
		const other = await atDesk('leitung', `#/queue?reason=${value}`);
		same((await rowIds(other)).slice(0, 5), found.slice(0, 5), 'the same list');
		await leave(other);
		await leave(page);
	});

	await test('? shows the keys; with single keys switched off none of them works', async () => {
		const page = await atDesk();
		await page.keyboard.press('?');
		await page.locator('dialog .keys').waitFor();
		await page.keyboard.press('Escape');
		await page.locator('dialog').waitFor({ state: 'detached' });
		await page.evaluate(() => (location.hash = '#/settings'));
		await page.getByLabel('Einzeltasten').uncheck();
		await page.evaluate(() => (location.hash = '#/queue'));
		await ready(page);
		const id = await openId(page);
		await page.keyboard.press('j');
		await page.keyboard.press('i');
		await page.waitForTimeout(200);
		same(await openId(page), id, 'what is open');
		same(await page.locator('dialog').count(), 0, 'dialogs');
		await leave(page);
	});

	await test('Enter acts on what has the focus: a row leads into the document, a box and a button do their own, and nothing is filed', async () => {
		const page = await atDesk();
		const item = await openWhere(page, withCandidate);
		const decided = [];
		page.on('request', (r) => r.method() === 'POST' && /\/(assign|ignore|postpone|hand-over|contract|bulk)$/.test(r.url()) && decided.push(r.url()));
		await page.locator('.row-open .row-link, .row-link').first().focus();
		await page.keyboard.press('Enter');
		await page.locator('.detail:focus').waitFor();
		await page.waitForTimeout(300);
		await page.evaluate((to) => (location.hash = to), `#/queue/${item.document_id}`);
		await page.waitForFunction((id) => document.querySelector('.detail')?.getAttribute('data-document') === id, item.document_id);
		for (const what of ['.row-pick input', '.tab >> nth=0', '.help-button', '.viewer-bar a', '.facts summary', '.brand', '.account summary']) {
			const control = page.locator(what).first();
			if (!(await control.count())) continue;
			await control.focus();
			await page.keyboard.press('Enter');
			await page.waitForTimeout(100);
			if (await page.locator('dialog[open]').count()) await page.keyboard.press('Escape');
		}
		same(decided, [], 'decisions');
		same(await state(page, item.document_id), 'queued', 'state');
		// With a mouse it is the document that Enter means.
		await page.evaluate((to) => (location.hash = to), `#/queue/${item.document_id}`);
		await page.waitForSelector('.row');
		const row = page.locator(`.row[data-document="${item.document_id}"] .row-link`);
		if (await row.count()) {
			await row.click();
			same(await page.evaluate(() => document.activeElement === document.body), true, 'the focus after a click');
		}
		await leave(page);
	});

	await test('who runs the machines begins with the insurers, and is offered nothing that he may not open', async () => {
		const page = await person();
		const refused = [];
		page.on('response', (r) => [401, 403].includes(r.status()) && refused.push(`${r.status()} ${new URL(r.url()).pathname}`));
		await login(page, 'betrieb');
		await page.locator('.insurer').first().waitFor();
		await page.locator('.line-up').waitFor(); // without a stream of documents the line is up all the same
		same(await page.evaluate(() => location.hash), '#/insurers', 'where he begins');
		await page.locator('.account summary').click();
		const links = await page.$$eval('a[href^="#/"]', (all) => [...new Set(all.map((a) => a.getAttribute('href')))].sort());
		same(links, ['#/insurers', '#/settings', '#/statistics'], 'links');
		await page.locator('.account summary').click();
		for (const to of ['#/statistics', '#/settings', '#/insurers']) {
			await page.evaluate((h) => (location.hash = h), to);
			await page.waitForTimeout(300);
			same(await page.locator('main a[href^="#/queue"], main a[href^="#/customers"], main a[href^="#/contracts"]').count(), 0, `links on ${to}`);
		}
		await page.evaluate(() => (location.hash = '#/users'));
		await page.locator('.empty', { hasText: 'Berechtigung' }).waitFor();
		await page.goto((await import('./kit.mjs')).base);
		await page.locator('.insurer').first().waitFor();
		same(refused, [], 'what the page asked for and may not have');
		same((await send(page, 'GET', '/queue')).status, 403, 'the server, too');
		await leave(page);
	});

	await test('the next document is there before it is asked for, and the audit log knows both', async () => {
		const page = await atDesk('leitung');
		const item = await openWhere(page, withCandidate);
		const loaded = page.waitForResponse((r) => r.url().endsWith('?ahead=true'));
		await page.keyboard.press('j');
		await page.keyboard.press('k');
		await ready(page);
		const ahead = /documents\/([^?]+)/.exec((await loaded).url())[1];
		holds(ahead !== item.document_id, 'another than the open one');
		await page.evaluate((to) => (location.hash = to), `#/queue/${ahead}`);
		await page.waitForFunction((id) => document.querySelector('.detail')?.getAttribute('data-document') === id, ahead);
		let told = [];
		for (let patience = 0; patience < 100 && !told.includes('document.viewed'); patience++) {
			await page.waitForTimeout(100);
			told = (await ask(page, `/audit?object=${ahead}&limit=50`)).items.map((a) => a.action);
		}
		holds(told.includes('document.preloaded'), `loaded ahead: ${told}`);
		holds(told.includes('document.viewed'), `and then seen: ${told}`);
		await leave(page);
	});

	await test('who may only read sees the queue and can decide nothing', async () => {
		const page = await atDesk('lesen');
		same(await page.locator('.accept, .acts, .row-pick').count(), 0, 'buttons that decide, and boxes to choose for it');
		await page.keyboard.press('x');
		same(await page.locator('.bulk, .row-picked').count(), 0, 'what is selected');
		const id = await openId(page);
		const answer = await send(page, 'POST', `/documents/${id}/ignore`, { version: 1, reason: 'other' });
		same(answer.status, 403, 'the server, too');
		await leave(page);
	});
}
