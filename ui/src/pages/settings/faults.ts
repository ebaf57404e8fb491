/** Which field a connection test is about, so that what it says can be put right where it stands. */
import { failedText, subjectOf, type Side, type Subject } from '$lib/link-trouble'
import type { SettingsView, TestLine, TroubleView } from '$lib/backend'
import type { FieldKey } from './questions'
import type { TestState } from './test.svelte'

/** What is wrong with a field, in words. */
export type Faults = ReadonlyMap<FieldKey, string>

type Blame = Partial<Record<TroubleView, FieldKey[]>>

const NOTHING: FieldKey[] = []

/** A certificate that nobody knows is the office's own far more often than a wrong address. */
const PBX: Blame = {
  unknownHost: ['pbxUrl'],
  unreachable: ['pbxUrl'],
  noTls: ['pbxUrl'],
  needsTls: ['pbxUrl'],
  wrongService: ['pbxUrl'],
  tls: ['pbxCa'],
  plainHttp: ['plainHttp'],
  // Asterisk does not say which of both it is.
  badCredentials: ['pbxPassword', 'pbxUser'],
  noSuchExtension: ['extension'],
  // Somebody else hears the events of this extension.
  replaced: ['extension'],
  noRoute: ['context'],
}

const FEED: Blame = { ...PBX, badCredentials: ['pbxPassword'], forbidden: ['extension'] }

const OMNIDESK: Blame = {
  unknownHost: ['omnideskUrl'],
  unreachable: ['omnideskUrl'],
  noTls: ['omnideskUrl'],
  wrongService: ['omnideskUrl'],
  badCredentials: ['apiKey'],
  forbidden: ['email'],
}

/** The same cause means another field at some steps. */
const AT_STEP: Record<Side, Record<string, Blame>> = {
  pbx: { reach: { timeout: ['pbxUrl'] }, context: { gone: ['context'] } },
  omnidesk: {
    reach: { timeout: ['omnideskUrl'], gone: ['omnideskUrl'] },
    staff: { gone: ['email'], refused: ['email'] },
    channel: { gone: ['channel'], badSetting: ['channel'] },
  },
}

/** The fields that may be wrong where a line of a test failed, the likeliest first; none where only somebody else can help. */
export function blamed(side: Side, line: TestLine, vendor: string | undefined): FieldKey[] {
  if (line.outcome !== 'failed' || line.trouble === null) return NOTHING
  const general = side === 'omnidesk' ? OMNIDESK : vendor === 'feed' ? FEED : PBX
  return AT_STEP[side][line.step]?.[line.trouble] ?? general[line.trouble] ?? NOTHING
}

/** What a test has found wrong, by field in the order of its steps. */
export function faultsOf(side: Side, state: TestState, settings: SettingsView): Faults {
  const faults = new Map<FieldKey, string>()
  if (state.type !== 'done') return faults
  const subject: Subject = subjectOf(side, settings)
  for (const line of state.lines) {
    for (const field of blamed(side, line, settings.pbxVendor)) {
      if (!faults.has(field)) faults.set(field, failedText(side, line, subject).title)
    }
  }
  return faults
}
