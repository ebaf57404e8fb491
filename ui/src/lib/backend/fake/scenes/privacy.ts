/** «Скрыть личное»: as the back end gives calls to popup and dial window then. */
import type { CallView } from '../../types'
import { KATYA, LAST_CASE } from '../people'
import { ago, call, desk, reminder, user, type Scene } from '../scene'
import { known, todaysCalls, yesterdaysCalls } from './calls'

const HIDDEN = user({
  id: KATYA.id,
  name: 'Е•••',
  email: '•••',
  phones: ['••• 34'],
  company: '•••',
  fields: [{ field: 'cf_25', title: 'Тариф', format: 'text', value: '•••' }],
})
const NUMBER = { kind: 'external', pretty: '••• 34', e164: '+79215550134', dial: '+79215550134', extension: null } as const
const CALLER = { ...known(HIDDEN), lastCase: { ...LAST_CASE, subject: '•••' } } as CallView['caller']

const talked = (id: string, minutes: number, name: string, pretty: string): CallView =>
  call({
    id,
    phase: 'ended',
    disposition: 'answered',
    number: { ...NUMBER, pretty, e164: `+7900555010${minutes % 10}`, dial: `+7900555010${minutes % 10}` },
    offeredAt: ago(minutes * 60),
    answeredAt: ago(minutes * 60 - 5),
    endedAt: ago(minutes * 60 - 90),
    caller: known({ ...HIDDEN, name }),
  })

export const scenes: Record<string, () => Scene> = {
  'ws-private': () => ({ view: desk({ private: true, calls: [...todaysCalls(), ...yesterdaysCalls()] }) }),
  'ws-private-paused': () => ({
    view: desk({ private: true, calls: todaysCalls(), pause: { paused: { byHours: false, until: null }, meanwhile: null } }),
  }),
  'popup-private': () => ({ view: desk({ private: true, calls: [call({ number: NUMBER, caller: CALLER })], popup: ['call-1'] }) }),
  'popup-private-reminder': () => ({ view: desk({ private: true, reminders: [reminder({ name: 'Е•••', number: NUMBER, what: '•••' })] }) }),
  'dial-private': () => ({ view: desk({ private: true, calls: [talked('a', 3, 'Е•••', '••• 34'), talked('b', 15, 'П•••', '••• 20'), talked('c', 41, 'Т•••', '••• 03')] }) }),
}
