// parts/icon.tsx -- the few signs of the page, drawn as lines; always beside words or named by the element around them.
const paths = {
	queue: 'M4 6h16M4 12h16M4 18h10',
	insurers: 'M4 20V9l8-5 8 5v11M9 20v-6h6v6',
	statistics: 'M4 20V4M4 20h16M9 16v-4M13 16V8M17 16v-6',
	customers: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20c.8-3.6 3.7-5.5 7.5-5.5s6.7 1.9 7.5 5.5',
	contracts: 'M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5',
	users: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.6-3.5 3-5.5 6.5-5.5s5.9 2 6.5 5.5M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14.8c2 .7 3.2 2.5 3.5 5.2',
	audit: 'M12 3l7 3v5c0 4.5-2.8 8-7 10-4.2-2-7-5.5-7-10V6zM9 12l2 2 4-4',
	settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM9 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z',
	logout: 'M14 4h5v16h-5M10 8l-4 4 4 4M6 12h9',
	search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16.2 16.2L21 21',
	filter: 'M4 5h16l-6 7.5V19l-4-2v-4.5z',
	check: 'M5 12.5l4.5 4.5L19 7.5',
	bulb: 'M9.5 17.5h5M10 21h4M12 3a6 6 0 0 0-3.5 10.9c.7.6 1 1.3 1 2.1v1.5h5V16c0-.8.3-1.5 1-2.1A6 6 0 0 0 12 3z',
	against: 'M12 8v5M12 16.5v.1M12 3.5l9 16H3z',
	close: 'M6 6l12 12M18 6L6 18',
	undo: 'M9 14l-5-5 5-5M4 9h10a6 6 0 0 1 0 12h-3',
	lock: 'M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3',
	clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2',
	folder: 'M3 6h6l2 2.5h10V19H3z',
	send: 'M4 12l16-8-6 16-3-7z',
	hold: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM10 9v6M14 9v6',
	stop: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM6 6l12 12',
	bolt: 'M13 3L5 14h6l-1 7 8-11h-6z',
	bookmark: 'M7 4h10v16l-5-4-5 4z',
	stack: 'M12 4l9 4.5-9 4.5-9-4.5zM4 13l8 4 8-4M4 17l8 4 8-4',
	phone: 'M8 3h8v18H8zM11 18h2',
	download: 'M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14',
	zoom: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
	back: 'M15 5l-7 7 7 7',
	more: 'M6 12h.1M12 12h.1M18 12h.1',
	file: 'M7 3h7l4 4v14H7zM14 3v4h4',
	plus: 'M12 5v14M5 12h14',
	user: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20c.8-3.6 3.7-5.5 7.5-5.5s6.7 1.9 7.5 5.5',
	help: 'M9 9.5a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 18v.1',
	offline: 'M3 3l18 18M5 12a10 10 0 0 1 4-2.5M19 12a10 10 0 0 0-4-2.5M8.5 15.5a5 5 0 0 1 7 0M12 19v.1',
	bell: 'M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM10 21h4',
	pause: 'M8 5v14M16 5v14',
	play: 'M7 4l12 8-12 8z',
	refresh: 'M20 12a8 8 0 1 1-2.5-5.8M20 4v4.5h-4.5',
	mail: 'M3 6h18v12H3zM3 7l9 6 9-6',
	sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6L7 7M17 17l1.4 1.4M18.4 5.6L17 7M7 17l-1.4 1.4',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
	return (
		<svg class="icon" width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">
			<path d={paths[name]} />
		</svg>
	);
}
