// pages/contracts_import.tsx -- taking a stock over: first what would change, then, if one wants it, the change itself.
import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../api';
import { Badge, Failed } from '../parts/basic';
import { Dialog, Field } from '../parts/dialog';
import { refusal } from '../state/session';
import { toast } from '../state/toast';
import type { Import, ImportReport } from '../types';
import { counted, language, number, percent, sentence, t } from '../text';

const lookAgain = 700; // milliseconds

const over = (one: Import): boolean => one.state === 'done' || one.state === 'failed';

function Progress({ of }: { of: Import }) {
	const share = of.bytes ? of.bytes_read / of.bytes : 0;
	return (
		<div class="import-progress" role="status">
			<progress max={1} value={share} aria-label={t('import.progress')} />
			<p class="quiet">{t('import.read', { share: percent(share, 0), n: number(of.contracts) })}</p>
		</div>
	);
}

// Line by line what could not be taken whole: in which record, in which field, and what was done about it.
function Problems({ of: r, file }: { of: ImportReport; file: string | null }) {
	return (
		<details class="import-sentences" open={r.skipped > 0}>
			<summary>{counted('import.problems', r.problems)}</summary>
			{file && <p class="quiet number">{file}</p>}
			<div class="import-lines" tabIndex={0} role="group" aria-label={counted('import.problems', r.problems)}>
				<table class="table">
					<thead>
						<tr>
							<th scope="col">{t('import.column.record')}</th>
							<th scope="col">{t('import.column.field')}</th>
							<th scope="col">{t('import.column.says')}</th>
						</tr>
					</thead>
					<tbody>
						{r.sentences.map((s, i) => (
							<tr key={i}>
								<td class="nowrap">{s.record ? number(s.record) : t('import.whole')}</td>
								<td>{s.field?.replace(/\bfield\b/, t('import.field')) ?? '–'}</td>
								<td>
									{sentence(s)} {s.skipped && <Badge tone="bad">{t('import.skipped.one')}</Badge>}
								</td>
							</tr>
						))}
					</tbody>
				</table>
			</div>
			{r.problems > r.sentences.length && <p class="quiet">{t('import.more', { n: number(r.sentences.length) })}</p>}
		</details>
	);
}

function Report({ of: r, file }: { of: ImportReport; file: string | null }) {
	const figures: [string, number | null][] = [
		[t('import.contracts'), r.contracts],
		[t('import.added'), r.added],
		[t('import.changed'), r.changed],
		[t('import.ended'), r.ended],
		[t('import.unchanged'), r.unchanged],
		[t('import.adopted'), r.adopted || null],
		[t('import.vanished'), r.vanished],
		[t('import.unknown'), r.of_unknown_insurers || null],
		[t('import.skipped'), r.skipped],
	];
	return (
		<>
			<dl class="figures">
				{figures.filter(([, n]) => n !== null).map(([k, n]) => <div key={k}><dt>{k}</dt><dd>{number(n ?? 0)}</dd></div>)}
			</dl>
			{r.sentences.length > 0 && <Problems of={r} file={file} />}
		</>
	);
}

export function ImportDialog({ close, done }: { close: () => void; done: () => void }) {
	const [file, setFile] = useState<File | null>(null);
	const [job, setJob] = useState<Import | null>(null);
	const [error, setError] = useState<string | null>(null);
	const [sent, setSent] = useState<number | null>(null); // share of the file that is on the server
	const gone = useRef(false);
	useEffect(() => () => void (gone.current = true), []);
	const follow = async (start: Import): Promise<void> => {
		let now = start;
		setJob(now);
		while (!over(now) && !gone.current) {
			await new Promise((r) => setTimeout(r, lookAgain));
			now = await api.import(start.import_id);
			if (!gone.current) setJob(now);
		}
		if (now.state === 'done' && !now.dry_run) {
			toast(t('import.done'), 'good');
			done();
		}
	};
	const begin = (dryRun: boolean): void => {
		if (!file) return;
		setError(null);
		setSent(0);
		api.importStart(file, dryRun, (n, of) => gone.current || setSent(of ? n / of : 0))
			.finally(() => gone.current || setSent(null))
			.then(follow)
			.catch((e: unknown) => gone.current || setError(refusal(e)));
	};
	const seen = job?.state === 'done' && job.dry_run;
	return (
		<Dialog title={t('import.open')} text={t('import.text')} close={close} wide>
			<div class="form">
				{error && <Failed text={error} />}
				<Field label={t('import.file')} hint="GDV, CSV">
					<input
						class="input"
						type="file"
						onChange={(e) => {
							setFile(e.currentTarget.files?.[0] ?? null);
							setJob(null);
						}}
					/>
				</Field>
				{sent !== null && (
					<div class="import-progress" role="status">
						<progress max={1} value={sent} aria-label={t('import.progress')} />
						<p class="quiet">{t('import.sent', { share: percent(sent, 0) })}</p>
					</div>
				)}
				{job && !over(job) && <Progress of={job} />}
				{job?.state === 'failed' && <p class="form-error" role="alert">{(language.value === 'de' ? job.error_de : null) || job.error}</p>}
				{job?.report && <Report of={job.report} file={job.file ?? null} />}
				<div class="dialog-line">
					{!seen && !(job?.state === 'done') && <button class="button button-main" type="button" disabled={!file || sent !== null || (!!job && !over(job))} onClick={() => begin(true)}>{t('import.preview')}</button>}
					{seen && <button class="button button-main" type="button" disabled={sent !== null} onClick={() => begin(false)}>{t('import.go')}</button>}
					<button class="button" type="button" onClick={close}>{t(job?.state === 'done' && !job.dry_run ? 'common.close' : 'common.cancel')}</button>
				</div>
			</div>
		</Dialog>
	);
}
