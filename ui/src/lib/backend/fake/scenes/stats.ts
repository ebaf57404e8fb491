/** «Статистика». */
import { figures, noFigures } from '../figures'
import { noTeamFigures, teamFigures } from '../team'
import { ago, desk, reminder, type Scene } from '../scene'
import { owed, todaysCalls } from './calls'

const DAY = 24 * 60 * 60

const busy = () =>
  desk({
    calls: todaysCalls(),
    missed: 1,
    reminders: [reminder({ due: ago(120), isDue: true })],
    outbox: [owed({ id: 'o1', call: 'katya', what: 'recording' })],
  })

export const scenes: Record<string, () => Scene> = {
  'ws-stats': () => ({ view: busy(), route: { page: 'stats' } }),
  'ws-stats-empty': () => ({
    view: desk({}),
    route: { page: 'stats' },
    overrides: { figures: async (range) => ({ status: 'ok', data: noFigures(range) }) },
  }),
  // The month before is not there, a hidden number called, and something could not be read.
  'ws-stats-new': () => ({
    view: busy(),
    route: { page: 'stats' },
    overrides: {
      figures: async (range) => {
        const some = figures(range)
        return { status: 'ok', data: { ...some, now: { ...some.now, hidden: 2 }, day: { ...some.day, talkAtLeast: true }, unreadable: 3, keptSince: ago(3 * DAY) } }
      },
    },
  }),
  'ws-stats-private': () => ({ view: { ...busy(), private: true }, route: { page: 'stats' } }),
  // The switch «Команда» is pressed in these by who looks at them.
  'ws-stats-team-reading': () => ({
    view: busy(),
    route: { page: 'stats' },
    overrides: {
      teamFigures: async (range, wish) =>
        wish === 'look' ? { status: 'ok', data: teamFigures(range, { stage: 'closed', done: 34, of: 176, recorded: 29, unlooked: 142, best: [], byRule: 0, recordingUntold: 0, barred: 0 }) } : new Promise(() => {}),
    },
  }),
  'ws-stats-team-listing': () => ({
    view: busy(),
    route: { page: 'stats' },
    overrides: {
      teamFigures: async (range, wish) => (wish === 'look' ? { status: 'ok', data: noTeamFigures(range, { stage: 'cases', done: 100, of: 252 }) } : new Promise(() => {})),
    },
  }),
  'ws-stats-team-refused': () => ({
    view: busy(),
    route: { page: 'stats' },
    overrides: { teamFigures: async (range) => ({ status: 'ok', data: noTeamFigures(range, { trouble: { trouble: 'forbidden', about: null } }) }) },
  }),
  'ws-stats-team-none': () => ({
    view: desk({}),
    route: { page: 'stats' },
    overrides: { teamFigures: async () => ({ status: 'error', error: { trouble: 'notOffered', about: 'channel' } }) },
  }),
  'ws-stats-failed': () => ({
    view: desk({}),
    route: { page: 'stats' },
    overrides: { figures: async () => ({ status: 'error', error: { trouble: 'storage', about: null } }) },
  }),
}
