// build.mjs -- the page, from src/ to build/web: bundled, named by content, compressed.
//
//   node build.mjs [OUT]     OUT is ../../build/web if it is not given
//
// Everything but index.html carries a hash of its content in its name or in its folder's name, so it may be kept for ever.
// Nothing is inline: the policy of the server forbids it.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, '../../build/web'));
const fresh = `${out}.new`;
const pdf = join(here, 'node_modules/pdfjs-dist');
const pdfVersion = JSON.parse(await readFile(join(pdf, 'package.json'), 'utf8')).version;
const pdfFolder = `pdf-${pdfVersion}`;

await rm(fresh, { recursive: true, force: true });
await mkdir(join(fresh, pdfFolder), { recursive: true });

// What pdf.js asks for by name while it draws. WebAssembly is left out, as the policy does not allow it: the plain
// decoder of JPEG 2000 takes its place.
await cp(join(pdf, 'legacy/build/pdf.worker.min.mjs'), join(fresh, pdfFolder, 'worker.js'));
await cp(join(pdf, 'standard_fonts'), join(fresh, pdfFolder, 'standard_fonts'), { recursive: true });
await cp(join(pdf, 'cmaps'), join(fresh, pdfFolder, 'cmaps'), { recursive: true });
await mkdir(join(fresh, pdfFolder, 'wasm'));
await cp(join(pdf, 'wasm/openjpeg_nowasm_fallback.js'), join(fresh, pdfFolder, 'wasm/openjpeg_nowasm_fallback.js'));

const result = await build({
	absWorkingDir: here,
	entryPoints: { app: 'src/main.tsx', style: 'src/style/style.css' },
	entryNames: '[name]-[hash]',
	chunkNames: '[name]-[hash]',
	assetNames: '[name]-[hash]',
	outdir: fresh,
	bundle: true,
	splitting: true,
	format: 'esm',
	target: ['chrome110', 'firefox110', 'safari16.4'],
	minify: true,
	jsx: 'automatic',
	jsxImportSource: 'preact',
	loader: { '.woff2': 'file', '.svg': 'file' },
	define: { PDF_FOLDER: JSON.stringify(`/${pdfFolder}/`) },
	legalComments: 'none',
	metafile: true,
	logLevel: 'warning',
});

const made = Object.entries(result.metafile.outputs).map(([path, of]) => ({ name: path.split('/').pop(), entry: of.entryPoint, css: of.cssBundle }));
const nameOf = (entry) => made.find((m) => m.entry === entry).name;
// The parts that the entry imports at once, so that they are asked for together with it.
const parts = new Set();
const partsOf = (path) => {
	for (const i of result.metafile.outputs[path]?.imports ?? [])
		if (i.kind === 'import-statement' && !parts.has(i.path)) {
			parts.add(i.path);
			partsOf(i.path);
		}
};
const entry = Object.keys(result.metafile.outputs).find((p) => result.metafile.outputs[p].entryPoint === 'src/main.tsx');
partsOf(entry);
const partNames = [...parts].map((p) => p.split('/').pop());
const fonts = made.filter((m) => /^inter-latin-wght-normal-/.test(m.name)).map((m) => m.name);

const icon = await readFile(join(here, 'src/icon.svg'));
const iconName = `icon-${createHash('sha256').update(icon).digest('hex').slice(0, 8)}.svg`;
await writeFile(join(fresh, iconName), icon);

const index = (await readFile(join(here, 'index.html'), 'utf8'))
	.replace('{{app}}', nameOf('src/main.tsx'))
	.replace('{{style}}', nameOf('src/style/style.css'))
	.replace('{{icon}}', iconName)
	.replace('{{parts}}', partNames.map((p) => `<link rel="modulepreload" href="/${p}">`).join('\n\t'))
	.replace('{{fonts}}', fonts.map((f) => `<link rel="preload" href="/${f}" as="font" type="font/woff2" crossorigin>`).join('\n\t'));
await writeFile(join(fresh, 'index.html'), index);

async function filesBelow(folder) {
	const found = [];
	for (const entry of await readdir(folder, { withFileTypes: true })) {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) found.push(...(await filesBelow(path)));
		else found.push(path);
	}
	return found;
}

const worthwhile = /\.(html|js|css|svg|bcmap|pfb|ttf)$/;
for (const path of await filesBelow(fresh)) {
	if (!worthwhile.test(path)) continue;
	const plain = await readFile(path);
	if (plain.length < 512) continue;
	await writeFile(`${path}.br`, brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } }));
	await writeFile(`${path}.gz`, gzipSync(plain, { level: 9 }));
}

// In one move, so that a server never sees half a page.
await rm(out, { recursive: true, force: true });
await rename(fresh, out);

// What a first visit loads: the entry with what it imports at once, the style, the font that most is written in.
const firstNames = ['index.html', nameOf('src/main.tsx'), nameOf('src/style/style.css'), ...partNames, ...fonts];
let first = 0;
for (const name of firstNames) first += (await stat(join(out, `${name}.br`)).catch(() => stat(join(out, name)))).size;
console.log(`${out}: first load ${(first / 1000).toFixed(1)} kB compressed`);
if (first > 200_000) {
	console.error('the first load is over 200 kB');
	process.exit(1);
}
