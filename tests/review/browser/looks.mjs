// looks.mjs -- every page in both languages and both schemes: no complaint of axe-core, and a picture for people to look at.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { atDesk, base, holds, leave, person, picture, same, test } from './kit.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export async function violations(page) {
	await page.evaluate(axe); // by the debugger, so the policy of the page stays as it is
	const found = await page.evaluate(async (t) => (await window.axe.run(document, { runOnly: t })).violations, tags);
	return found.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => `${n.target.join(' ')} (${n.any[0]?.message ?? n.failureSummary ?? ''})`).join(' | ')}`);
}

const dialogs = [['search', '/'], ['contract', 'n'], ['ignore', 'i'], ['postpone', 'p'], ['handover', 'g'], ['keys', '?']];

export async function settle(page) {
	await page.waitForFunction(() => !document.querySelector('.skeleton'), null, { timeout: 60_000 }).catch(() => {});
	await page.waitForTimeout(350);
}

async function pagesOf(page) {
	await page.locator('.account summary').click();
	const links = await page.$$eval('.nav-link, .account-menu a', (a) => a.map((x) => x.getAttribute('href')));
	await page.locator('.account summary').click();
	return [...new Set(links)].map((href) => ({ href, name: href.replace(/^#\//, '') }));
}

// A customer and a contract to look at, where the server has them.
async function examples(page) {
	return page.evaluate(async () => {
		const got = await (await fetch('/api/v1/contracts?limit=50')).json();
		const c = got.items?.find((x) => x.customer_id);
		return c ? { customer: c.customer_id, contract: c.contract_id } : {};
	});
}

export async function looks() {
	for (const language of ['de', 'en'])
		for (const colorScheme of ['light', 'dark']) {
			const tag = `${language}-${colorScheme}`;
			const look = async (page, name) => {
				await settle(page);
				await picture(page, `${tag}-${name}`);
				same(await violations(page), [], `axe-core: ${name}`);
			};
			const kept = (page) => page.addInitScript((l) => localStorage.setItem('vorpost', JSON.stringify({ language: l })), language);

			await test(`looks: login, ${tag}`, async () => {
				const page = await person({ colorScheme });
				await kept(page);
				await page.goto(base);
				await page.waitForSelector('input[name=user]');
				await look(page, 'login');
				await leave(page);
			});

			await test(`looks: queue, ${tag}`, async () => {
				const page = await atDesk('leitung', '', { colorScheme });
				await kept(page);
				await page.reload();
				await page.waitForSelector('.cand, .side .empty');
				await page.waitForSelector('.sheet canvas', { timeout: 5000 }).catch(() => {});
				await page.waitForTimeout(600);
				await look(page, 'queue');
				for (const [name, key] of dialogs) {
					await page.keyboard.press(key);
					await page.locator('dialog[open]').waitFor();
					await look(page, `queue-${name}`);
					await page.keyboard.press('Escape');
					await page.locator('dialog').waitFor({ state: 'detached' });
				}
				await page.keyboard.press('x');
				await page.locator('[aria-expanded]').first().click();
				await look(page, 'queue-selected');
				await page.keyboard.press('Escape');
				await leave(page);
			});

			await test(`looks: all other pages, ${tag}`, async () => {
				const page = await atDesk('leitung', '', { colorScheme });
				await kept(page);
				await page.reload();
				await page.waitForSelector('.row');
				const { customer, contract } = await examples(page);
				const all = (await pagesOf(page)).filter((p) => p.name !== 'queue');
				for (const { href, name } of all) {
					await page.evaluate((h) => (location.hash = h), href);
					await settle(page);
					await look(page, name.replace(/\W/g, '-'));
					const id = name === 'customers' ? customer : name === 'contracts' ? contract : null;
					if (!id) continue;
					await page.evaluate((h) => (location.hash = h), `${href}/${encodeURIComponent(id)}`);
					await look(page, `${name}-one`);
				}
				await leave(page);
			});
		}

	await test('looks: on a phone, the list leads to the document and back', async () => {
		const page = await atDesk('sachbearbeitung', '', { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true });
		await settle(page);
		await picture(page, 'phone-queue');
		same(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, 'nothing is wider than the phone');
		await page.locator('.row-link').first().tap();
		await page.locator('.cand, .side .empty').first().waitFor();
		await settle(page);
		await picture(page, 'phone-document');
		same(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, 'nothing is wider than the phone');
		same(await violations(page), [], 'axe-core on a phone');
		await page.locator('.detail-head .only-phone').tap();
		await page.waitForSelector('.row-link:visible');
		await leave(page);
	});

	await test('looks: on a phone no page is wider than it, and what is wide scrolls in its own box', async () => {
		const page = await atDesk('leitung', '', { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true });
		const { customer, contract } = await examples(page);
		const all = (await pagesOf(page)).filter((p) => p.name !== 'queue');
		for (const { href, name } of [...all, { href: `#/customers/${encodeURIComponent(customer)}`, name: 'customer' }, { href: `#/contracts/${encodeURIComponent(contract)}`, name: 'contract' }]) {
			await page.evaluate((h) => (location.hash = h), href);
			await settle(page);
			await picture(page, `phone-${name}`);
			const wide = await page.evaluate(() => [...document.querySelectorAll('main, main *')].filter((e) => {
				const boxed = e.closest('.table-box, .chart-box, svg, .only-heard, .segment');
				return !boxed && e.getBoundingClientRect().right > innerWidth + 1;
			}).map((e) => `${e.tagName} ${e.className}`).slice(0, 5));
			same(wide, [], `what is wider than the phone on ${href}`);
			same(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `${href} fits`);
			const here = (await page.locator('.nav-link[aria-current]').count()) ? await page.locator('.nav-link[aria-current]').boundingBox() : null;
			holds(!here || (here.x >= 0 && here.x + here.width <= 390), `the section that is open is in sight on ${href}`);
			same(await violations(page), [], `axe-core on a phone: ${href}`);
		}
		await leave(page);
	});
}
