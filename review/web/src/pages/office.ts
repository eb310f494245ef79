// pages/office.ts -- all pages but the queue and the statistics, in one part: they share much, and many small parts are many requests.
export { AuditPage } from './audit';
export { ContractsPage } from './contracts';
export { CustomersPage } from './customers';
export { InsurersPage } from './insurers';
export { SettingsPage } from './settings';
export { UsersPage } from './users';
