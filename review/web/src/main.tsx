// main.tsx -- the page starts: settings of the device, who is logged in, then the shell.
import { render } from 'preact';
import { App } from './app';
import { queueEarly } from './state/queue';
import { routeFollow } from './state/route';
import { sessionStart } from './state/session';
import { settingsStart } from './state/settings';
import { formatsMake } from './text';

settingsStart();
routeFollow();
void sessionStart(queueEarly);
const place = document.getElementById('app');
if (place) render(<App />, place);
setTimeout(formatsMake);
