// test.mjs -- the parts of the page that need no page: bundled by esbuild, run by node:test. Closes with 'N passed, N failed'.
import { build } from 'esbuild';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const out = await mkdtemp(join(tmpdir(), 'vorpost-web-'));
const entryPoints = (await readdir(join(here, 'tests'))).filter((f) => f.endsWith('.test.ts')).map((f) => join(here, 'tests', f));
await build({ entryPoints, outdir: out, outExtension: { '.js': '.mjs' }, bundle: true, platform: 'node', format: 'esm', jsx: 'automatic', jsxImportSource: 'preact', logLevel: 'warning' });

let passed = 0;
let failed = 0;
const files = (await readdir(out)).map((f) => join(out, f));
await new Promise((done) => {
	run({ files, concurrency: 1 })
		.on('test:pass', (t) => (t.nesting === 0 && t.details?.type === 'suite' ? 0 : t.name.endsWith('.mjs') ? 0 : passed++))
		.on('test:fail', (t) => {
			failed++;
			console.log(`FAILED: ${t.name}: ${t.details?.error?.cause?.message ?? t.details?.error?.message}`);
		})
		.on('end', done)
		.resume();
});
await rm(out, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed || !passed ? 1 : 0;
