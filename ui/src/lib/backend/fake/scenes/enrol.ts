/** What a link would set: on a computer at work, on one that is not set up, with nothing new in it, and links that set nothing. */
import type { EnrolmentFault, EnrolmentView } from '../../types'
import { ok, refused } from '../backend'
import { desk, type Scene } from '../scene'

const read = (values: Record<string, string>, unknown: string[] = []): EnrolmentView => ({
  type: 'read',
  values: Object.entries(values).map(([key, text]) => ({ key, text })),
  unknown,
})

const OFFICE = {
  pbxUrl: 'https://pbx2.severtech.example:8089',
  pbxUser: 'ringside',
  context: 'from-office',
  dialFormat: 'eight',
  omnideskUrl: 'https://severtech.omnidesk.ru',
  channel: 'cch101',
  region: 'KZ',
}

const page = (enrolment: EnrolmentView, more: Partial<Scene> = {}) => (): Scene => ({ view: desk(), route: { page: 'enrol', enrolment }, ...more })

const fault = (fault: EnrolmentFault, key: string | null = null) => page({ type: 'refused', fault, key })

export const scenes: Record<string, () => Scene> = {
  'ws-enrol': page(read(OFFICE, ['popupColour']), {
    settings: { origins: [{ key: 'channel', from: 'office', locked: true, office: null }], channel: 'cch7' },
  }),
  'ws-enrol-open': page(read({ pbxUrl: 'http://10.20.0.5:8088', extension: '205', email: 'b.orlov@severtech.example' })),
  'ws-enrol-owed': page(read({ omnideskUrl: 'https://other.omnidesk.ru' }), {
    overrides: { saveSettings: async () => refused({ trouble: 'refused', about: 'inCall' }) },
  }),
  'ws-enrol-environment': page(read({ pbxUrl: OFFICE.pbxUrl, region: 'KZ' }), { settings: { secrets: 'environment' } }),
  'ws-enrol-same': page(read({ omnideskUrl: 'https://severtech.omnidesk.ru', region: 'RU' })),
  'ws-enrol-secret': fault('secret'),
  'ws-enrol-bad': fault('bad', 'pbxUrl'),
  'ws-setup-enrol-environment': () => ({
    view: desk({ stage: { type: 'setUp' } }),
    route: { page: 'enrol', enrolment: read({ pbxUrl: OFFICE.pbxUrl, extension: '205' }) },
    settings: { pbxUrl: '', secrets: 'environment' },
  }),
  'ws-setup-enrol': () => ({
    view: desk({ stage: { type: 'setUp' } }),
    route: { page: 'enrol', enrolment: read({ ...OFFICE, extension: '205' }) },
    settings: { pbxUrl: '', pbxUser: '', extension: '', context: '', omnideskUrl: '', email: '', channel: '', hasPbxPassword: false, hasApiKey: false },
    overrides: { testPbx: async () => ok([]) },
  }),
}
