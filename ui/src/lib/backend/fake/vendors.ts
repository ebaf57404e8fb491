/** The kinds of PBX that the stand-in offers, as the real back end does. */
import type { VendorFieldKind, VendorFieldView, VendorView } from '../types'

function field(key: string, kind: VendorFieldKind, label: string, help: string | null, part: Partial<VendorFieldView> = {}): VendorFieldView {
  return { key, kind, label, help, default: '', needed: true, ...part }
}

export const VENDORS: VendorView[] = [
  {
    name: 'ari',
    fields: [
      field('pbxUrl', 'url', 'pbxUrl', 'pbxUrl'),
      field('extension', 'number', 'extension', null),
      field('context', 'text', 'context', 'context', { default: 'from-internal', needed: false }),
      field('pbxUser', 'text', 'user', null, { default: 'ringside', needed: false }),
      field('pbxPassword', 'secret', 'password', null),
      field('recordingFolder', 'text', 'recordingFolder', 'recordingFolder', { default: '/var/spool/asterisk/recording', needed: false }),
    ],
    steps: ['reach', 'signIn', 'interface', 'subscribe', 'extension', 'phone', 'context', 'secrets', 'socket'],
  },
  {
    name: 'feed',
    fields: [
      field('pbxUrl', 'url', 'feedUrl', 'feedUrl'),
      field('extension', 'number', 'extension', null),
      field('pbxPassword', 'secret', 'token', 'token'),
    ],
    steps: ['reach', 'signIn', 'interface', 'extension', 'socket'],
  },
]
