// The queues of node's world as their users run them, at their best settings, in the cluster that PGHOST names. Prints figures.
// usage: node queues.mjs graphile-drain|pgboss-drain COUNT     jobs a second, until all are handled and completed
//        node queues.mjs graphile-latency COUNT                "P50 P99" in microseconds, from before addJob to the handler's start
import pg from 'pg';

const [what, number] = process.argv.slice(2);
const count = Number(number);
const where = { host: process.env.PGHOST, user: process.env.PGUSER, database: process.env.PGDATABASE };
const now = () => Number(process.hrtime.bigint()) / 1e3;
const payload = no => ({ no, document_id: '01920000-0000-7000-8000-000000000000', category: 'invoice' });
const pool_of = max => new pg.Pool({ ...where, max }).on('error', console.error).on('connect', client => client.on('error', console.error));
const sleep = ms => new Promise(done => setTimeout(done, ms));

// Best of its settings: a local queue of 500, completions in batches.
async function graphileDrain() {
	const { run, runMigrations, Logger } = await import('graphile-worker');
	const pool = pool_of(12);
	const logger = new Logger(() => (level, text) => { if (level === 'error') console.error(text); });
	await runMigrations({ pgPool: pool, logger });
	await pool.query('truncate graphile_worker._private_jobs');
	await pool.query(`select graphile_worker.add_jobs(array_agg(('it', json_build_object('no', n, 'category', 'invoice'),
		null, null, null, null, null, null)::graphile_worker.job_spec)) from generate_series(1, $1::int) n`, [count]);
	await pool.query('analyze graphile_worker._private_jobs');
	let handled = 0, all;
	const done = new Promise(resolve => { all = resolve; });
	const began = now();
	const runner = await run({
		pgPool: pool, logger, noHandleSignals: true,
		taskList: { it: () => { if (++handled === count) all(); } },
		preset: { worker: { concurrentJobs: 24, maxPoolSize: 12, localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
	});
	await done;
	await runner.stop();
	const rate = count * 1e6 / (now() - began);
	const left = (await pool.query('select count(*)::int as n from graphile_worker._private_jobs')).rows[0].n;
	if (left) throw new Error(`${left} jobs are left`);
	await pool.end();
	console.log(rate.toFixed(1));
}

async function graphileLatency() {
	const { run, Logger } = await import('graphile-worker');
	const pool = pool_of(5);
	const logger = new Logger(() => (level, text) => { if (level === 'error') console.error(text); });
	const took = [];
	let next, began;
	const runner = await run({ pgPool: pool, logger, noHandleSignals: true, concurrency: 4, taskList: { it: () => { took.push(now() - began); next(); } } });
	for (let i = 0; i < count + 20; i++) {
		const came = new Promise(resolve => { next = resolve; });
		began = now();
		await Promise.all([runner.addJob('it', payload(i)), came]);
		await sleep(4 + Math.random() * 8);
	}
	await runner.stop();
	await pool.end().catch(() => {});
	took.splice(0, 20); // to warm up
	took.sort((a, b) => a - b);
	console.log(`${took[Math.floor(count / 2)].toFixed(0)} ${took[Math.floor(count * 0.99)].toFixed(0)}`);
}

async function pgbossDrain() {
	const { default: PgBoss } = await import('pg-boss');
	const boss = new PgBoss({ ...where, supervise: false, schedule: false });
	boss.on('error', console.error);
	await boss.start();
	await boss.createQueue('it');
	await boss.purgeQueue('it');
	for (let i = 0; i < count; i += 1000) await boss.insert(Array.from({ length: Math.min(1000, count - i) }, (_, n) => ({ name: 'it', data: payload(i + n) })));
	const database = new pg.Client(where);
	await database.connect();
	await database.query('analyze');
	await database.end();
	let handled = 0;
	const began = now();
	while (handled < count) {
		const jobs = await boss.fetch('it', { batchSize: 1000 });
		if (!jobs.length) throw new Error('jobs are missing');
		await boss.complete('it', jobs.map(job => job.id));
		handled += jobs.length;
	}
	const rate = count * 1e6 / (now() - began);
	await boss.stop({ graceful: false });
	console.log(rate.toFixed(1));
}

await { 'graphile-drain': graphileDrain, 'graphile-latency': graphileLatency, 'pgboss-drain': pgbossDrain }[what]();
process.exit(0);
