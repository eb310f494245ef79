// office.mjs -- what is pressed on the other pages has its effect on the server, and what they show is what the server knows.
import { ask, atDesk, holds, leave, login, openWhere, person, picture, same, single, test, toast, withHeld } from './kit.mjs';
import { settle, violations } from './looks.mjs';

const go = async (page, hash) => {
	await page.evaluate((h) => (location.hash = h), hash);
	await settle(page);
};
const connection = async (page, name) => (await ask(page, '/insurers')).items.flatMap((i) => i.connections).find((c) => c.connection === name);
const noted = async (page, action, name) => (await ask(page, `/audit?action=${action}&object=${encodeURIComponent(name)}&limit=5`)).items;

// The lead has the audit log, too; who presses is the operator.
async function insurersPressed() {
	const lead = await atDesk('leitung');
	const page = await person();
	await login(page, 'betrieb');
	await page.locator('.insurer').first().waitFor();
	const { connection: name } = (await ask(page, '/insurers')).items[0].connections[0];
	const polled = (await connection(page, name)).last_attempt_at; // before it runs again: that asks, too
	const card = page.locator('.connection', { hasText: name });
	await card.getByRole('button', { name: 'Anhalten' }).click();
	await page.locator('dialog input').fill('Wartung beim Versicherer');
	await page.locator('dialog .button-main').click();
	await toast(page, `${name} ist angehalten`);
	await card.locator('.badge', { hasText: 'angehalten' }).waitFor();
	const paused = await connection(page, name);
	same([paused.state, paused.pause_reason], ['paused', 'Wartung beim Versicherer'], 'after pausing');
	same(await card.getByRole('button', { name: 'Jetzt abrufen' }).count(), 0, 'asking where it is paused');
	same((await noted(lead, 'connection.pause', name))[0]?.user, 'betrieb', 'who paused, in the audit log');
	await card.getByRole('button', { name: 'Fortsetzen' }).click();
	await toast(page, `${name} läuft wieder`);
	await card.getByRole('button', { name: 'Jetzt abrufen' }).waitFor();
	same((await connection(page, name)).state, 'active', 'after resuming');
	same((await noted(lead, 'connection.resume', name)).length, 1, 'resumed, in the audit log');
	const before = (await noted(lead, 'connection.poll', name)).length;
	await card.getByRole('button', { name: 'Jetzt abrufen' }).click();
	await toast(page, `${name} wird gleich abgerufen`);
	const { next_due_at: due, last_attempt_at: attempt } = await connection(page, name);
	holds(+new Date(due) <= Date.now() + 1000 || attempt !== polled, `due at once, or asked already: ${due}, ${polled}, ${attempt}`);
	same((await noted(lead, 'connection.poll', name)).length, before + 1, 'asked, in the audit log');
	await leave(page);
	await leave(lead);
}

// What the daemon fetched has been filed or queued: between two questions nothing comes any more.
async function nothingComes(page) {
	for (let patience = 60, quiet = 0, before = -1; quiet < 4; patience--) {
		holds(patience, 'what waits stands still within a minute');
		const { queued } = await ask(page, '/queue/counts');
		quiet = queued === before ? quiet + 1 : 0;
		before = queued;
		await page.waitForTimeout(1000);
	}
}

// The figures of the page are those of the server, for another span as well.
async function figuresAreTheServers() {
	const page = await atDesk('leitung');
	await nothingComes(page);
	for (const span of ['4w', '12w']) {
		const answer = page.waitForResponse((r) => r.url().includes('/statistics?'));
		await go(page, `#/statistics?span=${span}`);
		const s = await (await answer).json();
		await page.locator('.headline').waitFor();
		const shown = await page.locator('.headline dd:not(.quiet)').allInnerTexts();
		const filed = s.filed_by_week.reduce((n, w) => n + w.filed, 0);
		const total = s.filed_by_week.reduce((n, w) => n + w.total, 0);
		holds(total > 0, 'documents in the span');
		const percents = (n) => Number(n.replace(/[^\d,]/g, '').replace(',', '.'));
		holds(Math.abs(percents(shown[0]) - (100 * filed) / total) <= 0.5, `filed by itself: ${shown[0]} of ${filed}/${total}`);
		same(Number(shown[1].replace(/\D/g, '')), s.reasons.reduce((n, r) => n + r.count, 0), 'waiting');
		same(Number(shown[3].replace(/\D/g, '')), s.alias_hits, 'names used');
		same(s.reasons.reduce((n, r) => n + r.count, 0), (await ask(page, '/queue/counts')).queued + (await ask(page, '/queue/counts')).postponed, 'what waits is what the queue has');
		const text = await page.locator('main').innerText();
		for (const [what, n] of Object.entries(s.funnel)) holds(text.includes(new Intl.NumberFormat('de-DE').format(n)), `${what}: ${n}`);
	}
	await leave(page);
}

// What a person does about a document is in its customer's timeline: it came, was filed, is held for release, and the broker's
// software was told.
async function timelineTells() {
	const page = await atDesk();
	// Of one with more the rest stands behind "more".
	const little = async (customer) => !!customer && (await ask(page, `/customers/${encodeURIComponent(customer)}/timeline?limit=20`)).items.length < 15;
	const item = await openWhere(page, async (i) => single(i) && (await withHeld(i, page)) && (await little((await ask(page, `/documents/${i.document_id}?ahead=true`)).candidates[0].customer_id)));
	holds(item, 'a document that one Enter files at a customer');
	await page.keyboard.press('Enter');
	await toast(page, 'Zugeordnet');
	const at = (await ask(page, `/documents/${item.document_id}`)).contracts[0];
	const { customer_id } = await ask(page, `/contracts/${encodeURIComponent(at.contract_id)}`);
	const timeline = async () => (await ask(page, `/customers/${encodeURIComponent(customer_id)}/timeline?limit=100`)).items;
	// The release is written behind the decision, by another role.
	for (const until = Date.now() + 60_000; Date.now() < until && !(await timeline()).some((i) => i.kind === 'release' && i.document_id === item.document_id); ) await page.waitForTimeout(100);
	await go(page, `#/customers/${encodeURIComponent(customer_id)}`);
	const of = (kind) => page.locator(`.happened-${kind} a[href*="${item.document_id}"]`).first();
	await of('arrival').waitFor();
	await of('decision').waitFor();
	const known = await timeline();
	const kinds = new Set(known.map((i) => i.kind));
	for (const kind of kinds) same(await page.locator(`.happened-${kind}`).count(), known.filter((i) => i.kind === kind).length, `of kind ${kind}`);
	// One who was told already has all four.
	const told = await firstWith(page, ['arrival', 'decision', 'release', 'event']);
	await go(page, `#/customers/${encodeURIComponent(told)}`);
	for (const kind of ['arrival', 'decision', 'release', 'event']) await page.locator(`.happened-${kind}`).first().waitFor();
	await leave(page);
}

async function firstWith(page, kinds) {
	const seen = new Set();
	for (const c of (await ask(page, '/contracts?limit=200')).items) {
		if (!c.customer_id || seen.has(c.customer_id)) continue;
		seen.add(c.customer_id);
		const items = (await ask(page, `/customers/${encodeURIComponent(c.customer_id)}/timeline?limit=50`)).items;
		if (kinds.every((k) => items.some((i) => i.kind === k))) return c.customer_id;
	}
	throw new Error(`no customer has ${kinds}`);
}

async function stockIsFound() {
	const page = await atDesk('lesen');
	const stock = (await ask(page, '/contracts?limit=200')).items;
	const c = stock.find((x) => x.number && x.holder?.name && !x.ends_on);
	for (const words of [c.number, c.printed_number || c.number, c.holder.name]) {
		await go(page, '#/contracts');
		await page.locator('main input').first().fill(words);
		const found = (await ask(page, `/contracts?limit=30&q=${encodeURIComponent(words)}`)).items.map((x) => x.contract_id);
		holds(found.includes(c.contract_id), `found by ${words}`);
		const links = JSON.stringify(found.map((id) => `#/contracts/${encodeURIComponent(id)}`));
		await page.waitForFunction((wanted) => JSON.stringify([...document.querySelectorAll('main tbody td:first-child a')].map((a) => a.getAttribute('href'))) === wanted, links);
	}
	await page.locator('main input').first().fill('gibt es ganz sicher nicht');
	await page.locator('.empty', { hasText: 'gibt es ganz sicher nicht' }).waitFor();
	await leave(page);
}

// The name of the file goes along, and each refusal is told in German, in its record and field.
async function importTells() {
	const page = await atDesk('leitung', '', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
	await go(page, '#/contracts');
	await page.locator('.page-acts .button').last().click();
	const rows = 'contract_id,vu,number,name,starts_on\nX-1,5999,4711815,Tannhuber,32.13.2020\nX-2,,,,\n';
	await page.setInputFiles('dialog input[type=file]', { name: `${'ä'.repeat(120)} bestand.csv`, mimeType: 'text/csv', buffer: Buffer.from(rows) });
	const [sent] = await Promise.all([page.waitForRequest((r) => r.url().includes('/contracts/import')), page.locator('dialog .button-main').click()]);
	const name = new URL(sent.url()).searchParams.get('file');
	holds(name.endsWith(' bestand.csv') && Buffer.byteLength(name) <= 200 && Buffer.byteLength(name) > 190, `the name that is sent: ${name}`);
	const id = (await (await sent.response()).json()).import_id;
	await page.locator('dialog .figures').waitFor();
	const job = await ask(page, `/imports/${id}`);
	same(job.file, name, 'the name that the server keeps');
	holds(job.report.sentences.length > 0, 'refusals');
	if (!(await page.locator('dialog details[open]').count())) await page.locator('dialog summary').click();
	const lines = page.locator('.import-lines tbody tr');
	same(await lines.count(), job.report.sentences.length, 'a line for each');
	for (const [n, s] of job.report.sentences.entries()) {
		const words = await lines.nth(n).innerText();
		holds(words.includes(s.says_de), `in German: "${s.says_de}" in "${words}"`);
		holds(words.includes(s.record ? String(s.record) : 'ganze Datei') && words.includes((s.field ?? '–').replace('field', 'Feld')), `record ${s.record}, field ${s.field} in "${words}"`);
	}
	same(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, 'fits the phone');
	same(await violations(page), [], 'axe-core');
	await picture(page, 'phone-import-lines');
	await leave(page);
}

// Of a process without a file, and of a file that is stored no more, it is said that it is so.
async function absentIsSaid() {
	const page = await atDesk();
	const data = await openWhere(page, (i) => i.file.data);
	holds(data, 'a process that brought data but no file');
	await page.locator('.viewer .empty', { hasText: 'Nur Daten, keine Datei' }).waitFor();
	same(await page.locator('.viewer', { hasText: 'Keine Vorschau' }).count(), 0, 'a preview that is missed');
	await picture(page, 'data-only');
	await page.route('**/bytes', (r) => r.fulfill({ status: 404, contentType: 'application/problem+json', body: JSON.stringify({ type: 'urn:vorpost:problem:missing', title: 'missing', status: 404, detail: 'there are no bytes of this document', detail_de: 'Zu diesem Dokument liegen keine Bytes vor.' }) }));
	const pdf = await openWhere(page, (i) => i.file.media_type === 'application/pdf' && !i.file.data);
	holds(pdf, 'a PDF');
	await page.locator('.viewer .empty', { hasText: 'Diese Datei liegt nicht vor' }).waitFor();
	same(await page.locator('.viewer', { hasText: 'beschädigt' }).count(), 0, 'damage that is none');
	await page.unrouteAll({ behavior: 'ignoreErrors' });
	await leave(page);
}

export async function office() {
	await test('pause, resume and ask at once have their effect, and the audit log says who', insurersPressed);
	await test('the figures of the statistics are those of the server', figuresAreTheServers);
	await test('the timeline of a customer tells that it came, was filed, released and told', timelineTells);
	await test('the stock is searched by number in any spelling and by name', stockIsFound);
	await test('an import sends the name of its file and tells each refusal in German, by record and field', importTells);
	await test('where there is no file it is said that there is none', absentIsSaid);
}
