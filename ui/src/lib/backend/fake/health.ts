/** How a program does that has worked for half a day and lost Omnidesk a while ago. */
import type { HealthView, LinkSpellView } from '../types'

/** Five days of a link that was lost now and then, as long ago as given, minutes; the last is how it stands. */
function spells(now: number, course: [ago: number, state: LinkSpellView['state'], ...reasons: LinkSpellView['reasons']][]): LinkSpellView[] {
  const since = course.map(([ago]) => now - ago * 60_000)
  return course.map(([, state, ...reasons], i) => ({
    state,
    since: since[i] ?? now,
    until: since[i + 1] ?? null,
    goesOn: i === course.length - 1,
    reasons,
  }))
}

export function health(): HealthView {
  const now = Date.now()
  const minutes = 60_000
  return {
    now,
    program: {
      version: '0.1.0',
      system: 'linux x86_64',
      os: { name: 'debian', version: '12' },
      webView: '2.50.6',
      startedAt: now - 6 * 60 * minutes,
      tasks: ['delivering', 'reading users'],
      broken: 0,
      restarts: 0,
    },
    popup: { calls: 200, half: 34, most: 61, slowest: 118 },
    pbx: {
      vendor: 'ari',
      version: '22.10.1',
      spells: spells(now, [
        [7260, 'up'],
        [4380, 'down', 'closed', 'unreachable'],
        [4361, 'up'],
        [2912, 'down', 'silent'],
        [2911.2, 'up'],
        [360, 'down', 'booting'],
        [355, 'up'],
        [96, 'down', 'closed'],
        [95, 'up'],
      ]),
      link: { state: 'up', trouble: null, since: now - 95 * minutes, retryAt: null },
      phoneOnline: true,
      abilities: ['dials', 'hangsUp', 'finds', 'meets', 'records', 'traces', 'tellsWhoElseRings'],
      connects: 3,
      heardAt: now - 4_000,
      events: 1842,
      waiting: 0,
      unknown: 17,
      bad: 2,
      tooLarge: 1,
      clockAhead: 183_400,
    },
    omnidesk: {
      spells: spells(now, [
        [7260, 'up'],
        [1510, 'down', 'serverError'],
        [1502, 'up'],
        [9, 'down', 'timeout', 'serverError'],
      ]),
      link: { state: 'down', trouble: 'timeout', since: now - 9 * minutes, retryAt: now + 8_000 },
      clockAhead: -420,
      requests: 264,
      failures: 5,
      limited: 0,
      errors: [
        { at: now - 11 * minutes, trouble: 'serverError', code: '502' },
        { at: now - 9 * minutes, trouble: 'timeout', code: null },
      ],
      budget: {
        spent: [
          { purpose: 'lookUp', minute: 3, hour: 48, waiting: 0 },
          { purpose: 'pages', minute: 2, hour: 61, waiting: 0 },
          { purpose: 'outbox', minute: 6, hour: 94, waiting: 1 },
          { purpose: 'account', minute: 0, hour: 9, waiting: 0 },
          { purpose: 'office', minute: 0, hour: 4, waiting: 0 },
          { purpose: 'users', minute: 2, hour: 46, waiting: 2 },
          { purpose: 'statistics', minute: 0, hour: 0, waiting: 0 },
          { purpose: 'background', minute: 0, hour: 2, waiting: 0 },
        ],
        limit: 300,
        used: 13,
        leftForPopup: 286,
        leftForPages: 286,
        leftForOutbox: 242,
        leftForIndex: 197,
        waiting: 3,
      },
    },
    outbox: { queued: 3, retried: 1, sending: 1, wedged: 1, oldest: now - 12 * minutes },
    store: {
      fault: null,
      wasDamaged: false,
      unreadable: 0,
      file: {
        schema: 14,
        bytes: 3_481_600,
        logBytes: 131_072,
        freePages: 12,
        journal: 0,
        calls: 184,
        history: 2210,
        cases: 96,
        outbox: 143,
        aside: 0,
        keptAt: now - 3 * minutes,
      },
    },
    users: { users: 1204, asOf: now - 50 * minutes, reading: false, read: 0, of: null, secondsLeft: null, missing: 0, failed: false },
    keychain: { place: 'keychain', waits: false, refused: false },
    settings: { officeFile: 'usual', officeUnread: false, office: 9, published: 0, own: 4, locked: 3 },
  }
}
