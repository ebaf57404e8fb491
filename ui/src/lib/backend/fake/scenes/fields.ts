/** «Поля данных», and the form over a user with a field of each format. */
import type { Backend, DataField, FieldsView, UserForm } from '../../types'
import { ok, refused } from '../backend'
import { KATYA, KATYA_PROFILE, LAST_CASE } from '../people'
import { ago, call, desk, outside, type Scene } from '../scene'

const builtIn = (id: string, incoming: boolean, format: DataField['format'] = 'text'): DataField => ({
  id,
  title: '',
  format,
  options: [],
  incoming,
  state: 'builtIn',
  always: false,
  lines: [],
  became: null,
})

const bound = (id: string, title: string, format: DataField['format'], incoming = false, values: string[] = []): DataField => ({
  id,
  title,
  format,
  options: values.map((value, i) => ({ key: String(i + 1), title: value, color: null })),
  incoming,
  state: 'bound',
  always: false,
  lines: [],
  became: null,
})

const BASIC = [builtIn('name', true), builtIn('email', true), builtIn('company', true)]

const OWN = [
  bound('cf_25', 'Тариф', 'list', true, ['Базовый', 'Корпоративный, до 250 мест', 'Индивидуальный']),
  bound('cf_26', 'Номер договора', 'text', true),
  bound('cf_27', 'Договор до', 'date'),
  bound('cf_28', 'Приоритетный клиент', 'checkbox'),
  bound('cf_29', 'Особенности доставки и разгрузки', 'area'),
  bound('cf_40', 'Регион доставки', 'list', false, ['Северо-Западный', 'Приволжский']),
]

const computed = (id: string, incoming = false): DataField => ({ ...builtIn(id, incoming), state: 'computed', always: true })

/** What a desk knows of callers itself, in the order of the screen. */
const COMPUTED = ['own_line', 'own_last_case', 'own_open_cases', 'own_calls', 'own_last_contact'].map((id) => computed(id))

const REST = [builtIn('position', false), builtIn('note', false, 'area'), ...COMPUTED]

const AWAITED: DataField[] = [
  { ...bound('new_1', 'Менеджер клиента', 'list', true, ['Анна Литвинова', 'Игорь Самсонов']), state: 'awaited' },
  { ...bound('new_2', 'Есть пропуск', 'checkbox'), state: 'awaited' },
]

const MISSING: DataField = { ...bound('cf_12', 'Старый номер клиента', 'text', true), state: 'missing' }

const heading = (number: number, title: string): DataField => ({ ...bound(`section_${number}`, title, 'text', true), state: 'section' })

/** With headings, conditions and colours. */
const ARRANGED: DataField[] = [
  ...BASIC,
  heading(1, 'Договор'),
  ...OWN.slice(0, 3).map((field, i): DataField => ({
    ...field,
    incoming: true,
    always: i === 2,
    options: field.options.map((option, at) => ({ ...option, color: at === 0 ? 'amber' : at === 1 ? 'green' : null })),
  })),
  heading(2, 'Доставка'),
  { ...OWN[5]!, incoming: true, lines: ['Поддержка', 'Отдел доставки и разгрузки'], options: OWN[5]!.options.map((option) => ({ ...option, color: 'blue' as const })) },
  OWN[3]!,
  OWN[4]!,
  heading(3, 'Звонки'),
  computed('own_calls', true),
  computed('own_last_contact', true),
  ...REST.filter((field) => field.id !== 'own_calls' && field.id !== 'own_last_contact'),
]

const CHANGED: DataField = { ...bound('cf_13', 'Категория', 'list', true), state: 'changed', became: 'text' }

const scene = (fields: DataField[], overrides: Partial<Backend> = {}): Scene => ({
  view: desk(),
  route: { page: 'fields' },
  fields,
  overrides,
})

const view = (part: Partial<FieldsView>): FieldsView => ({
  fields: [...BASIC, ...OWN, ...REST],
  fresh: true,
  locked: false,
  omnideskUrl: 'https://severtech.omnidesk.example/staff/',
  ...part,
})

/** The form over Katya, with each of the five formats. */
export const KATYA_FORM: UserForm = {
  user: KATYA,
  values: {
    name: KATYA.name,
    email: KATYA.email,
    company: KATYA.company,
    position: KATYA.position,
    note: KATYA.note,
    fields: [
      { field: 'cf_25', value: '2' },
      { field: 'cf_26', value: 'СТ-2024/0318' },
      { field: 'cf_27', value: '2027-03-31' },
      { field: 'cf_28', value: 'true' },
    ],
  },
  fields: OWN,
}

const NEW_USER_FORM: UserForm = {
  user: null,
  values: { name: '', email: '', company: '', position: '', note: '', fields: [] },
  fields: OWN,
}

const talkingTo = (caller: Scene['view']['calls'][number]['caller']) =>
  call({ phase: 'talking', offeredAt: ago(45), answeredAt: ago(38), recording: 'expected', case: { type: 'draft' }, caller })

const known = (blocked = false) => ({ type: 'known', user: { ...KATYA, blocked }, matched: 'exact', staleSince: null, lastCase: LAST_CASE }) as const

const edit = (overrides: Partial<Backend> = {}): Scene => ({
  view: desk({ calls: [talkingTo(known())] }),
  route: { page: 'profile', user: KATYA.id, call: 'call-1' },
  profiles: [KATYA_PROFILE],
  form: KATYA_FORM,
  overrides,
})

export const scenes: Record<string, () => Scene> = {
  'ws-fields': () => scene([...BASIC, ...OWN, ...REST]),
  'ws-fields-awaited': () => scene([...BASIC, ...OWN, ...REST, ...AWAITED]),
  'ws-fields-arranged': () => scene(ARRANGED),
  'ws-fields-changed': () => scene([...BASIC, CHANGED, ...OWN, ...REST]),
  'ws-fields-missing': () => scene([...BASIC, MISSING, ...OWN, ...REST]),
  'ws-fields-empty': () => scene([...BASIC, ...REST]),
  'ws-fields-locked': () => scene([], { dataFields: async () => ok(view({ locked: true })) }),
  'ws-fields-stale': () => scene([], { dataFields: async () => ok(view({ fresh: false })) }),
  'ws-fields-error': () => scene([], { dataFields: async () => refused({ trouble: 'storage', about: null }) }),
  'ws-fields-not-saved': () => scene([...BASIC, ...OWN, ...REST], { saveFields: async () => refused({ trouble: 'storage', about: null }) }),
  'ws-fields-bad-file': () => scene([...BASIC, ...OWN, ...REST], { importFields: async () => refused({ trouble: 'badSetting', about: null }) }),

  'ws-edit-user': () => edit(),
  'ws-edit-user-compose': () => ({ ...edit(), route: { page: 'compose', call: 'call-1' } }),
  'ws-edit-user-new': () => ({
    view: desk({ calls: [{ ...talkingTo({ type: 'unknown' }), number: outside('+7 (812) 555-01-77') }] }),
    route: { page: 'compose', call: 'call-1' },
    form: NEW_USER_FORM,
  }),
  'ws-edit-user-blocked': () => ({
    ...edit(),
    view: desk({ calls: [talkingTo(known(true))] }),
    profiles: [{ ...KATYA_PROFILE, user: { ...KATYA, blocked: true } }],
  }),
  'ws-edit-user-refused': () => edit({ editUser: async () => refused({ trouble: 'badSetting', about: 'email' }) }),
  'ws-edit-user-not-kept': () => edit({ editUser: async () => refused({ trouble: 'storage', about: null }) }),
  'ws-edit-user-error': () => edit({ userForm: async () => refused({ trouble: 'timeout', about: null }) }),
}
