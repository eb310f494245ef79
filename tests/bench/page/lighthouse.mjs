// lighthouse.mjs -- Google's Lighthouse over the queue page, logged in: "PRESET PERFORMANCE ACCESSIBILITY KB" a line: two
// scores from 0 to 100, and what the page's own files and answers took over the wire, pdf.js aside.
// usage: lighthouse.mjs URL USER [FOLDER FOR THE REPORTS]     the password comes in VORPOST_PASSWORD
import { launch } from 'chrome-launcher';
import lighthouse, { desktopConfig } from 'lighthouse';
import { writeFileSync } from 'node:fs';

const [url, user, reports] = process.argv.slice(2);

async function cookieOf() {
	const answer = await fetch(`${url}/api/v1/login`, {
		method: 'POST',
		headers: { 'Content-Type': 'application/json', Origin: url },
		body: JSON.stringify({ user, password: process.env.VORPOST_PASSWORD }),
	});
	if (!answer.ok) throw new Error(`login: ${answer.status} ${await answer.text()}`);
	return answer.headers.get('set-cookie').split(';')[0];
}

// What keeps a category from its full score, worst first.
function lost(result, category) {
	return category.auditRefs
		.map(({ id, weight }) => ({ ...result.audits[id], loses: weight * (1 - (result.audits[id].score ?? 1)) }))
		.filter((a) => a.loses > 0)
		.sort((a, b) => b.loses - a.loses)
		.map((a) => `${a.id} ${a.displayValue ?? ''}`.trim());
}

// Scores of the login page would be good, and beside the point.
const sawQueue = (result) => result.audits['network-requests'].details.items.some((r) => r.statusCode === 200 && r.url.includes('/api/v1/queue?'));

// What the page itself weighs: neither the reader of PDFs nor what the API says of this office.
const kilobytes = (result) =>
	Math.round(
		result.audits['network-requests'].details.items
			.filter((r) => !/pdf|worker|^\/api\//.test(new URL(r.url).pathname))
			.reduce((sum, r) => sum + r.transferSize, 0) / 1000,
	);

// One look varies by some points: the median of three is told, as Lighthouse advises.
const rounds = 3;
const score = (run) => run.lhr.categories.performance.score;

async function look(preset, config) {
	const run = await lighthouse(`${url}/`, { port: chrome.port, output: 'html', onlyCategories: ['performance', 'accessibility'], extraHeaders: { Cookie } }, config);
	if (run.lhr.runtimeError) throw new Error(`${preset}: ${run.lhr.runtimeError.message}`);
	if (!sawQueue(run.lhr)) throw new Error(`${preset}: the queue was not loaded`);
	return run;
}

const Cookie = await cookieOf();
const chrome = await launch({ chromePath: process.env.CHROMIUM ?? '/usr/bin/chromium', chromeFlags: ['--headless=new', '--no-sandbox', '--disable-dev-shm-usage'] });
try {
	for (const [preset, config] of [['desktop', desktopConfig], ['mobile', undefined]]) {
		const runs = [];
		for (let n = 0; n < rounds; n++) runs.push(await look(preset, config));
		const { lhr, report } = runs.sort((a, b) => score(a) - score(b))[rounds >> 1];
		if (reports) writeFileSync(`${reports}/lighthouse-${preset}.html`, report);
		const { performance, accessibility } = lhr.categories;
		console.log(`${preset} ${Math.round(performance.score * 100)} ${Math.round(accessibility.score * 100)} ${kilobytes(lhr)}`);
		console.error(`${preset} performance, ${rounds} rounds: ${runs.map((r) => Math.round(score(r) * 100)).join(' ')}`);
		for (const c of [performance, accessibility]) for (const line of lost(lhr, c)) console.error(`${preset} ${c.id}: ${line}`);
	}
} finally {
	await chrome.kill();
}
