// pages/index.ts -- the pages, one row each: address, words, who may see it, and where it is. All but the queue are loaded
// when they are first opened. The navigation is made of the same rows.
import type { ComponentType } from 'preact';
import type { IconName } from '../parts/icon';
import type { Key } from '../text';
import { QueuePage } from './queue';

export interface PageRow {
	page: string; // "#/page/ID"
	words: Key;
	icon: IconName;
	scope: string | null; // one must have it; null: everybody
	place: 'main' | 'account';
	load: () => Promise<ComponentType>;
}

const office = (which: (m: typeof import('./office')) => ComponentType) => (): Promise<ComponentType> => import('./office').then(which);

export const pages: readonly PageRow[] = [
	{ page: 'queue', words: 'nav.queue', icon: 'queue', scope: 'documents', place: 'main', load: () => Promise.resolve(QueuePage) },
	{ page: 'customers', words: 'nav.customers', icon: 'customers', scope: 'documents', place: 'main', load: office((m) => m.CustomersPage) },
	{ page: 'contracts', words: 'nav.contracts', icon: 'contracts', scope: 'documents', place: 'main', load: office((m) => m.ContractsPage) },
	{ page: 'insurers', words: 'nav.insurers', icon: 'insurers', scope: 'statistics', place: 'main', load: office((m) => m.InsurersPage) },
	{ page: 'statistics', words: 'nav.statistics', icon: 'statistics', scope: 'statistics', place: 'main', load: () => import('./statistics').then((m) => m.StatisticsPage) },
	{ page: 'users', words: 'nav.users', icon: 'users', scope: 'users', place: 'account', load: office((m) => m.UsersPage) },
	{ page: 'audit', words: 'nav.audit', icon: 'audit', scope: 'users', place: 'account', load: office((m) => m.AuditPage) },
	{ page: 'settings', words: 'nav.settings', icon: 'settings', scope: null, place: 'account', load: office((m) => m.SettingsPage) },
];
