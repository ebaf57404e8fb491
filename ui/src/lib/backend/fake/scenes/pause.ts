/** Popups paused: said in the window, set in the settings, and what was missed meanwhile. */
import type { CallView, MeanwhileView, PausedView } from '../../types'
import { KATYA, LAST_CASE } from '../people'
import { ago, call, desk, reminder, type Scene } from '../scene'
import { known, todaysCalls, yesterdaysCalls } from './calls'

const BY_HAND: PausedView = { byHours: false, until: ago(-28 * 60) }
const BY_HOURS: PausedView = { byHours: true, until: ago(-14 * 3600) }
const MEANWHILE: MeanwhileView = { missed: 3 }

const calls = () => [...todaysCalls(), ...yesterdaysCalls()]
const paused = (paused: PausedView): Scene => ({ view: desk({ calls: calls(), pause: { paused, meanwhile: null } }) })
const WEEK = ['09:00–18:00', '09:00–18:00', '09:00–18:00', '09:00–18:00', '09:00–17:00', '', '']

export const scenes: Record<string, () => Scene> = {
  'ws-paused': () => paused(BY_HAND),
  'ws-paused-hours': () => paused(BY_HOURS),
  'ws-paused-until-said': () => paused({ byHours: false, until: null }),
  'ws-paused-missed': () => ({ view: desk({ calls: calls(), pause: { paused: null, meanwhile: MEANWHILE } }) }),
  'ws-pause': () => ({ view: desk({ calls: calls() }), route: { page: 'settings' }, settings: { workingHours: WEEK } }),
  'ws-pause-never': () => ({ ...paused({ byHours: true, until: null }), route: { page: 'settings' }, settings: { workingHours: WEEK.map(() => '') } }),
  'ws-pause-locked': () => ({
    view: desk({ calls: calls() }),
    route: { page: 'settings' },
    settings: { workingHours: WEEK, origins: [{ key: 'workingHours', from: 'office', locked: true, office: null }] },
  }),
  'popup-meanwhile': () => ({ view: desk({ pause: { paused: null, meanwhile: MEANWHILE } }) }),
  'popup-meanwhile-ringing': () => ({
    view: desk({
      calls: [call({ caller: { ...known(KATYA), lastCase: LAST_CASE } as CallView['caller'] })],
      popup: ['call-1'],
      pause: { paused: null, meanwhile: MEANWHILE },
    }),
  }),
  'popup-meanwhile-reminder': () => ({ view: desk({ reminders: [reminder()], pause: { paused: null, meanwhile: { ...MEANWHILE, missed: 1 } } }) }),
}
