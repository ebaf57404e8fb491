/** The call that the set-up is tried with: nothing came yet, what may be wrong, how far it is, and its popup. */
import type { CallView, DeskView } from '../../types'
import { ago, call, desk, LINK_UP, outcome, outside, type Scene } from '../scene'

/** A colleague's call that began so many seconds from now: in the future one for a page that has yet to come. */
const colleague = (seconds: number, part: Partial<CallView> = {}) =>
  call({
    id: 'trial',
    direction: 'internal',
    number: { ...outside('205'), kind: 'extension', e164: null, dial: '205' },
    caller: { type: 'notLookedUp' },
    line: null,
    offeredAt: ago(-seconds),
    ...part,
  })

const over = (seconds: number) =>
  colleague(seconds, {
    phase: 'ended',
    disposition: 'answered',
    answeredAt: ago(-seconds - 4),
    endedAt: ago(-seconds - 25),
    outcome: outcome({ rule: 'S16', status: null, reason: 'internal' }),
  })

const page = (part: Partial<DeskView> = {}) => (): Scene => ({ view: desk(part), route: { page: 'trial' } })
const withCall = (call: () => CallView, route?: Scene['route']) => (): Scene => ({ view: desk({ calls: [call()], popup: ['trial'] }), route })

export const scenes: Record<string, () => Scene> = {
  'ws-trial': page(),
  'ws-trial-no-phone': page({ agent: { ...desk().agent, phoneOnline: false } }),
  'ws-trial-no-pbx': page({ pbx: { ...LINK_UP, state: 'down', trouble: 'badCredentials' } }),
  'ws-trial-ringing': withCall(() => colleague(60), { page: 'trial' }),
  'ws-trial-over': withCall(() => over(60), { page: 'trial' }),
  'popup-colleague': withCall(() => colleague(-4)),
  'popup-colleague-ended': withCall(() => over(-30)),
}
