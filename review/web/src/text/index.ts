// text/index.ts -- the words of the page in the chosen language; times, ages and sizes as people write them.
import { signal } from '@preact/signals';
import { de } from './de';
import { en } from './en';

export type Language = 'de' | 'en';
export type Key = keyof typeof de;
// "bulk.selected" stands for "bulk.selected.one" and "bulk.selected.other".
export type CountedKey = { [K in Key]: K extends `${infer Stem}.other` ? Stem : never }[Key];

const catalogues: Record<Language, Record<Key, string>> = { de, en };
export const language = signal<Language>('de');

export type Values = Record<string, string | number>;

function fill(text: string, values?: Values): string {
	return values ? text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole)) : text;
}

export function t(key: Key, values?: Values): string {
	return fill(catalogues[language.value][key], values);
}

export function has(key: string): key is Key {
	return Object.prototype.hasOwnProperty.call(de, key);
}

export function counted(stem: CountedKey, n: number, values?: Values): string {
	const key = `${stem}.${n === 1 ? 'one' : 'other'}`;
	return has(key) ? t(key, { n: number(n), ...values }) : '';
}

// What the server says in both languages.
export function said(of: { words?: string | null; words_de?: string | null } | null | undefined): string {
	if (!of) return '';
	return (language.value === 'de' ? of.words_de || of.words : of.words || of.words_de) ?? '';
}
export function sentence(of: { says: string; says_de?: string | null }): string {
	return language.value === 'de' ? of.says_de || of.says : of.says;
}

// What people call a line of business, and its code where nobody calls it anything.
interface Line {
	line?: string | null;
	line_name?: string | null;
	line_name_de?: string | null;
}
const lineName = (of: Line): string => (language.value === 'de' ? of.line_name_de : of.line_name) ?? '';
export const lineWords = (of: Line): string => lineName(of) || (of.line ? t('doc.line.is', { line: of.line }) : '');
// Where it stands below "Sparte" already; with the code for whoever has to type it.
export const lineBelow = (of: Line): string => lineName(of) || (of.line ?? '');
export const lineWhole = (of: Line): string => (lineName(of) && of.line ? `${lineName(of)} (${of.line})` : lineBelow(of));

const locale = (): string => (language.value === 'de' ? 'de-DE' : 'en-GB');
const formats = new Map<string, Intl.DateTimeFormat>();

function format(name: string, options: Intl.DateTimeFormatOptions, at: Date): string {
	const key = `${locale()} ${name}`;
	let f = formats.get(key);
	if (!f) formats.set(key, (f = new Intl.DateTimeFormat(locale(), options)));
	return f.format(at);
}

// Making a format takes a browser longer than drawing a row of the list: each is made once.
const numbers = new Map<string, Intl.NumberFormat>();
function inDigits(n: number, style: 'decimal' | 'percent', digits: number): string {
	const key = `${locale()} ${style} ${digits}`;
	let f = numbers.get(key);
	if (!f) numbers.set(key, (f = new Intl.NumberFormat(locale(), { style, maximumFractionDigits: digits, minimumFractionDigits: digits })));
	return f.format(n);
}
export const number = (n: number, digits = 0): string => inDigits(n, 'decimal', digits);
export const percent = (share: number, digits = 1): string => inDigits(share, 'percent', digits);
export function date(text: string | null | undefined): string {
	const at = text ? new Date(text) : null;
	return at && !isNaN(+at) ? format('date', { day: '2-digit', month: '2-digit', year: 'numeric' }, at) : '';
}
export function time(text: string | null | undefined): string {
	const at = text ? new Date(text) : null;
	return at && !isNaN(+at) ? format('time', { hour: '2-digit', minute: '2-digit' }, at) : '';
}
export function dateTime(text: string | null | undefined): string {
	return date(text) ? t('common.at', { date: date(text), time: time(text) }) : '';
}
// "Mi 25.11., 09:00"
export function soon(text: string | null | undefined): string {
	const at = text ? new Date(text) : null;
	return at && !isNaN(+at) ? `${format('soon', { weekday: 'short', day: '2-digit', month: '2-digit' }, at)}, ${time(text)}` : '';
}

// The first format of a language takes a browser tens of milliseconds: made while one waits for the server anyway.
export function formatsMake(): void {
	number(0);
	soon(new Date().toISOString());
}

const minute = 60;
const hour = 3600;
const day = 86400;

export function age(seconds: number): string {
	if (seconds < minute) return t('age.now');
	if (seconds < hour) return counted('age.minutes', Math.floor(seconds / minute));
	if (seconds < 2 * day) return counted('age.hours', Math.floor(seconds / hour));
	return counted('age.days', Math.floor(seconds / day));
}
export function ageOf(text: string | null | undefined): string {
	return text ? age(Math.max(0, (Date.now() - +new Date(text)) / 1000)) : '';
}
// Short: "31 h", "3 T".
export function span(seconds: number): string {
	const s = Math.max(0, seconds);
	if (s < hour) return t('span.minutes', { n: Math.max(1, Math.round(s / minute)) });
	if (s < 2 * day) return t('span.hours', { n: Math.round(s / hour) });
	return t('span.days', { n: Math.round(s / day) });
}
// "4:05"
export function clock(seconds: number): string {
	const s = Math.max(0, Math.ceil(seconds));
	const rest = String(s % 60).padStart(2, '0');
	return s >= hour ? `${Math.floor(s / hour)}:${String(Math.floor((s % hour) / 60)).padStart(2, '0')}:${rest}` : `${Math.floor(s / 60)}:${rest}`;
}
export function bytes(n: number): string {
	if (n < 1000) return `${n} B`;
	if (n < 1_000_000) return `${number(n / 1000)} kB`;
	return `${number(n / 1_000_000, 1)} MB`;
}
