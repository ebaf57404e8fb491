/** Search with the filter "users". */
import type { FoundUser, PlaceView, Route } from '../../types'
import { refused } from '../backend'
import { KATYA, KATYA_PROFILE, OLGA, TIMUR } from '../people'
import { ago, call, desk, outside, user, type Scene } from '../scene'

const SEVERIN = user({
  id: '521',
  name: 'Северин Станислав Аркадьевич',
  company: 'ИП Северин С. А.',
  phones: ['+7 (921) 555-01-11', '+7 (921) 555-01-12'],
})

const MARINA = user({
  id: '522',
  name: 'Марина Мельниченко-Барановская',
  company: 'ГК «Меридиан-Логистика и складское хозяйство»',
  fields: [{ field: 'cf_40', title: 'Регион доставки', format: 'list', value: 'Северо-Западный' }],
})

/** What matched; the fake marks in it what is typed. */
function place(field: string, text: string): PlaceView {
  return { field, text, ranges: [] }
}

const FOUND: FoundUser[] = [
  { user: KATYA, dial: KATYA.phones, matched: [place('company', 'ООО «Северные технологии»')] },
  { user: SEVERIN, dial: SEVERIN.phones, matched: [place('name', SEVERIN.name)] },
  { user: OLGA, dial: OLGA.phones, matched: [place('email', 'o.lapteva@sever-opt.example')] },
  {
    user: TIMUR,
    dial: TIMUR.phones,
    matched: [place('note', 'Договорились, что поставки через склад «Север» по вторникам, звонить после 10 утра, лучше на мобильный')]
  },
  { user: MARINA, dial: MARINA.phones, matched: [place('cf_40', 'Северо-Западный')] },
]

/** Found by a spelling of the number that differs from how it is kept, by the position, and by a field without a value in the card. */
const FOUND_OTHERWISE: FoundUser[] = [
  { user: KATYA, dial: KATYA.phones, matched: [place('phone', '+7 (921) 555-01-34')] },
  { user: TIMUR, dial: TIMUR.phones, matched: [place('position', 'Снабжение')] },
  { user: OLGA, dial: OLGA.phones, matched: [place('cf_26', 'СТ-2024/0318')] },
]

const unknown = () =>
  call({ phase: 'talking', number: outside('+7 (812) 555-01-77'), offeredAt: ago(52), answeredAt: ago(46), recording: 'expected' })

const FOR_CALL: Route = { page: 'search', call: 'call-1' }

export const scenes: Record<string, () => Scene> = {
  'ws-search': () => ({ view: desk({ calls: [unknown()] }), route: FOR_CALL, found: FOUND, profiles: [KATYA_PROFILE] }),
  'ws-search-plain': () => ({ view: desk(), route: { page: 'search', call: null }, found: FOUND, profiles: [KATYA_PROFILE] }),
  'ws-search-otherwise': () => ({ view: desk(), route: { page: 'search', call: null }, found: FOUND_OTHERWISE }),
  'ws-search-nobody': () => ({ view: desk({ calls: [unknown()] }), route: FOR_CALL, found: [] }),
  'ws-search-down': () => ({
    view: desk({ calls: [unknown()], omnidesk: { state: 'down', trouble: 'timeout', since: ago(1600), retryAt: Date.now() + 12_000 } }),
    route: FOR_CALL,
    overrides: { searchUsers: async () => refused({ trouble: 'timeout', about: null }) },
  }),
  'ws-search-link-refused': () => ({
    view: desk({ calls: [unknown()] }),
    route: FOR_CALL,
    found: FOUND,
    overrides: { linkUser: async () => refused({ trouble: 'refused', about: 'phone_already_exist' }) },
  }),
}
