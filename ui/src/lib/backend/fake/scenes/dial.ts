/** The dial window in each of its states. Text is typed into its field as the agent would, once the window listens. */
import type { Backend, CallView, Caution, CommandError, DialFrom, DialPreview, UserView } from '../../types'
import { KATYA } from '../people'
import { ago, call, desk, outside, user, type Scene } from '../scene'

const talked = (part: Partial<CallView>): CallView => call({ phase: 'ended', disposition: 'answered', ...part })
const missed = (part: Partial<CallView>): CallView => call({ phase: 'ended', disposition: 'missed', ...part })
const who = (person: UserView): CallView['caller'] => ({ type: 'known', user: person, matched: 'exact', staleSince: null, lastCase: null })

const GULNARA = user({ id: '512', name: 'Гульнара Ахметзянова', phones: ['+7 (843) 555-01-62'] })
const DMITRY = user({ id: '513', name: 'Дмитрий Ли', phones: ['+7 (916) 555-01-15'] })
const MARIA = user({ id: '514', name: 'Мария Ветрова', phones: ['+7 (921) 555-01-92'] })
const PAVEL = user({
  id: '511',
  name: 'Павел Кожевников',
  phones: ['+7 (495) 555-01-20', '+7 (921) 555-01-56'],
  company: 'АО «Балтийский хлебозавод»',
})
const ALINA = user({ id: '515', name: 'Алина Кожемяко', phones: ['+7 (812) 555-01-31'], company: 'ИП Кожемяко А. В.' })

const [GULNARA_TEL, KATYA_TEL, DMITRY_TEL, MARIA_TEL] = ['+7 (843) 555-01-62', '+7 (921) 555-01-34', '+7 (916) 555-01-15', '+7 (921) 555-01-92']

/** A moment of today's morning or afternoon, as long as it is not in the future. */
const minutes = (count: number) => ago(count * 60)

const recent = (): CallView[] => [
  missed({ id: 'r1', number: outside(GULNARA_TEL), caller: who(GULNARA), offeredAt: minutes(2), endedAt: minutes(2) }),
  talked({ id: 'r2', number: outside(KATYA_TEL), caller: who(KATYA), offeredAt: minutes(9), answeredAt: minutes(9), endedAt: minutes(5) }),
  talked({
    id: 'r3', direction: 'outbound', number: outside(DMITRY_TEL), caller: who(DMITRY), offeredAt: minutes(103), answeredAt: minutes(103), endedAt: minutes(100),
  }),
  missed({
    id: 'r4', number: outside(DMITRY_TEL), caller: who(DMITRY), offeredAt: minutes(130), endedAt: minutes(129),
    talkedLater: { direction: 'outbound', offeredAt: minutes(103), answeredAt: minutes(103), endedAt: minutes(100), atLeast: false },
  }),
  talked({
    id: 'r5', direction: 'outbound', number: outside(MARIA_TEL), caller: who(MARIA), offeredAt: minutes(259), answeredAt: minutes(258), endedAt: minutes(255),
  }),
  call({
    id: 'r6', direction: 'internal', phase: 'ended', disposition: 'answered', number: { kind: 'extension', pretty: '207', e164: null, dial: '207', extension: null },
    caller: { type: 'notLookedUp' }, offeredAt: minutes(20), endedAt: minutes(19),
  }),
]

const UNDERSTOOD: DialPreview = { kind: 'external', pretty: KATYA_TEL, extension: '118', dial: '+79215550134', caution: null, others: [], user: KATYA }

function typed(text: string, enter = false): Partial<Backend> {
  return {
    onDialOpened: async () => {
      setTimeout(() => {
        const input = document.querySelector('input')
        if (input === null) return
        input.value = text
        input.dispatchEvent(new Event('input', { bubbles: true }))
        if (enter) input.dispatchEvent(new KeyboardEvent('keydown', { code: 'Enter', key: 'Enter', bubbles: true }))
      })
      return () => {}
    },
  }
}

/** As a link from outside opens it. */
function linked(text: string, trouble: CommandError | null = null, from: DialFrom = 'outside'): Partial<Backend> {
  return { dialReady: async () => ({ text, trouble, caution: null, from }) }
}

const JAMAICA: Caution = { doubt: 'foreign', never: false, number: '+1 876-555-0134', country: 'JM' }
const PREMIUM: Caution = { doubt: 'premium', never: true, number: '+7 (809) 555-01-34', country: 'RU' }

const show = (part: Partial<Scene> = {}): Scene => ({ view: desk({ calls: recent() }), ...part })

export const scenes: Record<string, () => Scene> = {
  'dial-empty': () => show(),
  'dial-first-start': () => ({ view: desk() }),
  'dial-paste': () => show({ preview: UNDERSTOOD, overrides: typed('тел. 8 921 555-01-34 (доб. 118)') }),
  'dial-bad': () => show({ overrides: typed('заказ 4471 от 12.11') }),
  'dial-link': () => show({ preview: { ...UNDERSTOOD, extension: null }, overrides: linked('+79215550134') }),
  'dial-selected': () => show({ preview: { ...UNDERSTOOD, extension: null, others: [DMITRY_TEL] }, overrides: linked(`+79215550134, ${DMITRY_TEL}`, null, 'selection') }),
  'dial-selected-none': () => show({ overrides: linked('', { trouble: 'badSetting', about: 'nothing-selected' }, 'selection') }),
  'dial-link-bad': () => show({ overrides: linked('', { trouble: 'badSetting', about: 'link' }) }),
  'dial-name': () =>
    show({
      found: [
        { user: PAVEL, dial: PAVEL.phones, matched: [{ field: 'name', text: PAVEL.name, ranges: [] }] },
        { user: ALINA, dial: ALINA.phones, matched: [{ field: 'name', text: ALINA.name, ranges: [] }] },
      ],
      overrides: typed('кож'),
    }),
  'dial-question': () =>
    show({
      preview: { ...UNDERSTOOD, pretty: JAMAICA.number, extension: null, dial: '+18765550134', caution: JAMAICA, user: null },
      caution: JAMAICA,
      overrides: typed('+1 876 555 0134', true),
    }),
  'dial-never': () =>
    show({
      preview: { ...UNDERSTOOD, pretty: PREMIUM.number, extension: null, dial: '+78095550134', caution: PREMIUM, user: null },
      caution: PREMIUM,
      overrides: typed('8 809 555-01-34', true),
    }),
  'dial-error': () =>
    show({
      preview: { ...UNDERSTOOD, extension: null },
      overrides: {
        ...typed('8 921 555-01-34', true),
        dial: async () => ({ status: 'error', error: { trouble: 'phoneOffline', about: null } }),
      },
    }),
}
