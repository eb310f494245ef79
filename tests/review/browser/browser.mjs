// browser.mjs -- the page in a real browser against a real server: node browser.mjs [PART OF A TEST'S NAME]. browser.sh calls it.
import { actions } from './actions.mjs';
import { choosing } from './choosing.mjs';
import { clearing } from './clearing.mjs';
import { dialogs } from './dialogs.mjs';
import { browser, counted } from './kit.mjs';
import { list } from './list.mjs';
import { looks } from './looks.mjs';
import { office } from './office.mjs';
import { told } from './told.mjs';
import { troubles } from './troubles.mjs';

const parts = { list, dialogs, actions, choosing, troubles, looks, office, told, clearing };
for (const part of (process.env.VORPOST_PARTS ?? 'looks,dialogs,list,actions,choosing,troubles,office,told,clearing').split(',')) await parts[part]();
await browser.close();
process.exitCode = counted() ? 1 : 0;
