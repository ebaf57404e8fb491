/** How a program does that has worked for half a day and lost Omnidesk a while ago. */
import type { HealthView } from '../types'

export function health(): HealthView {
  const now = Date.now()
  const minutes = 60_000
  return {
    now,
    program: {
      version: '0.1.0',
      system: 'linux x86_64',
      startedAt: now - 6 * 60 * minutes,
      tasks: ['delivering', 'reading users'],
      broken: 0,
      restarts: 0,
    },
    pbx: {
      vendor: 'ari',
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
      link: { state: 'down', trouble: 'timeout', since: now - 9 * minutes, retryAt: now + 8_000 },
      clockAhead: -420,
      requests: 264,
      failures: 5,
      limited: 0,
      errors: [
        { at: now - 11 * minutes, trouble: 'serverError', code: '502' },
        { at: now - 9 * minutes, trouble: 'timeout', code: null },
      ],
      budget: { limit: 300, used: 13, leftForPopup: 286, leftForPages: 286, leftForOutbox: 242, leftForIndex: 197, waiting: 0 },
    },
    outbox: { queued: 3, retried: 1, sending: 1, wedged: 1, oldest: now - 12 * minutes },
    store: {
      fault: null,
      wasDamaged: false,
      unreadable: 0,
      file: {
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
    users: { users: 1204, of: null, asOf: now - 50 * minutes, reading: false },
    keychain: { place: 'keychain', waits: false, refused: false },
    settings: { officeFile: 'usual', officeUnread: false, office: 9, published: 0, own: 4, locked: 3 },
  }
}
