/** Settings being edited, with the secrets typed beside them; nothing is sent before saving or testing. */
import { asked } from '$lib/asked'
import { backend, type CertificateView, type ChannelOption, type CommandError, type DialFormat, type OriginView, type PopupCorner, type PopupStay, type Result, type SettingValue, type SettingsView, type TestLine, type TypedSecrets } from '$lib/backend'
import { desk } from '$lib/desk.svelte'
import { setLanguage, setTheme } from '$lib/i18n.svelte'
import type { Side } from '$lib/link-trouble'
import { m } from '$lib/m'
import { secretsPlace } from '$lib/secrets.svelte'
import { troubleText } from '$lib/trouble'
import { textIsSaved } from '$lib/typing'
import { certificateProblem } from './office-ca'
import { isOpen, originOf } from './open-address'
import { type ChannelFit, type FieldKey, fittingChannel } from './questions'
import { isText, vendorOf, type PbxText } from './vendor'

/** The fields of a form, by their names in the settings; what a command complains about carries such a name. */
export type Field = PbxText | 'omnideskUrl' | 'email' | 'channel'

/** Texts on which an office may have the last word, or another opinion than this computer. */
export type Layered = (typeof TEXTS)[number] | 'pbxVendor' | 'several' | 'region' | 'language' | 'theme' | 'dialFormat' | 'linksAsk' | PopupSetting | HotkeySetting

/** Where the popup stands, and how long. */
export type PopupSetting = 'popupCorner' | 'popupScreen' | 'popupStay'

/** Of what notifications tell. */
export type NoticeSetting = 'notifyMissed' | 'notifyPaused' | 'notifyDecisions' | 'notifyInstead'

/** Key combinations for every program. */
export type HotkeySetting = 'hotkeyDial' | 'hotkeyPopup' | 'hotkeyPrivate'

export const CORNERS: PopupCorner[] = ['topRight', 'topLeft', 'bottomRight', 'bottomLeft']
export const STAYS: PopupStay[] = ['asNeeded', 'untilClosed', '5s', '20s', '60s']

const OF_OMNIDESK: Field[] = ['omnideskUrl', 'email', 'channel']
/** What a link may say (`ringside:`). */
const LINKED: Layered[] = ['pbxVendor', 'pbxUrl', 'extension', 'pbxUser', 'context', 'recordingFolder', 'dialFormat', 'omnideskUrl', 'email', 'channel', 'callIdField', 'claimField', 'region', 'language']
const TEXTS = ['pbxUrl', 'extension', 'pbxUser', 'context', 'recordingFolder', ...OF_OMNIDESK, 'callIdField', 'claimField'] as const

export class SettingsDraft {
  settings = $state<SettingsView>() as SettingsView
  pbxPassword = $state('')
  apiKey = $state('')
  /** Why the last saving was refused. */
  error = $state.raw<CommandError | null>(null)
  /** The same in words. */
  problem = $state('')
  saving = $state(false)
  /** The channels that Omnidesk has; null before they were read. */
  channels = $state.raw<ChannelOption[] | null>(null)
  channelsError = $state.raw<CommandError | null>(null)
  readingChannels = $state(false)
  /** The channel that was chosen without asking; null as soon as somebody else's word holds. */
  channelFit = $state.raw<ChannelFit | null>(null)
  /** The setting that the last command complained about. */
  #wrong = $state<string | null>(null)
  /** Empty fields are said to be empty only after an attempt to go on. */
  #complains = $state(false)

  /** As they are kept; a kept secret belongs to the address that stands here. */
  #kept = $state.raw<SettingsView>() as SettingsView

  /** What a link said, as far as it was taken. */
  #linked = $state.raw<ReadonlyMap<string, string>>(new Map())

  /** For which address somebody said yes to plain HTTP: another one is asked for anew. */
  #agreed = $state('')

  constructor(settings: SettingsView) {
    this.settings = { ...settings }
    this.#take(settings)
  }

  #take(kept: SettingsView) {
    this.#kept = kept
    this.#agreed = kept.plainHttp ? originOf(kept.pbxUrl) : ''
  }

  /** Whose word a setting is; none where it is the program's own. */
  origin(key: string): OriginView | undefined {
    return this.#kept.origins.find((origin) => origin.key === key)
  }

  /** Whether the office has the last word on it. */
  isLocked(key: string): boolean {
    return this.origin(key)?.locked ?? false
  }

  /** Another value of a setting, such as the office's. */
  put(field: Layered, value: string): void {
    if (field === 'several') this.settings.several = value === 'ask' ? 'ask' : 'newest'
    else if (field === 'dialFormat') this.settings.dialFormat = dialFormat(value)
    else if (field === 'linksAsk') this.settings.linksAsk = value === 'notCalledBefore' ? 'notCalledBefore' : 'always'
    else if (field === 'popupCorner') this.settings.popupCorner = CORNERS.find((corner) => corner === value) ?? 'topRight'
    else if (field === 'popupStay') this.settings.popupStay = STAYS.find((stay) => stay === value) ?? 'asNeeded'
    else this.settings[field] = value
    this.touched()
  }

  /** Takes over what a link says, but for what the office has the last word on. */
  fill(values: SettingValue[]): void {
    const taken = values.filter(({ key }) => LINKED.some((linked) => linked === key) && !this.isLocked(key))
    for (const { key, text } of taken) this.put(key as Layered, text)
    this.#linked = new Map([...this.#linked, ...taken.map(({ key, text }) => [key, text] as const)])
  }

  /** Whether the office or a link has said it, so that nobody need be asked. */
  isPreset(field: FieldKey): boolean {
    return Boolean(this.#linked.get(field)) || (this.#isOffices(field) && textIn(this.#kept, field) !== '')
  }

  /** Whether the office's value stands here. */
  isOfOffice(field: FieldKey): boolean {
    return this.#isOffices(field) && this.#isUnchanged(field)
  }

  /** Whether a link's value stands here. */
  isOfLink(field: FieldKey): boolean {
    return this.#linked.get(field) === textIn(this.settings, field)
  }

  /** Whether the program's own value stands here. */
  isBuiltIn(field: FieldKey): boolean {
    return this.origin(field) === undefined && this.#isUnchanged(field)
  }

  #isOffices(field: FieldKey): boolean {
    const from = this.origin(field)?.from
    return from === 'office' || from === 'published'
  }

  #isUnchanged(field: FieldKey): boolean {
    return textIn(this.settings, field) === textIn(this.#kept, field)
  }

  /** Whether everything was given that no link carries: secrets for new addresses, the yes to plain HTTP. What is lacking is marked. */
  isGiven(): boolean {
    this.#complains = true
    return !this.#lacksYes('pbx') && !this.#lacksSecret('pbx') && !this.#lacksSecret('omnidesk')
  }

  /** Whether the PBX's address is one of plain HTTP, which takes a yes. */
  get isOpen(): boolean {
    return isOpen(this.settings.pbxUrl)
  }

  /** Whether the yes for this very address was given. */
  get agrees(): boolean {
    return this.isOpen && this.#agreed === originOf(this.settings.pbxUrl)
  }

  agree(yes: boolean): void {
    this.#agreed = yes ? originOf(this.settings.pbxUrl) : ''
    this.touched()
  }

  /** Why the address cannot be used as it is. */
  get openError(): string | null {
    const lacks = this.isOpen && !this.agrees
    return lacks && (this.#complains || this.isWrong('plainHttp')) ? m.settings_open_required() : null
  }

  /** The certificates that are kept, as long as nothing else was typed. */
  get keptCertificates(): CertificateView[] {
    return this.settings.pbxCa === this.#kept.pbxCa ? this.#kept.pbxCertificates : []
  }

  /** What the last command said of the certificates. */
  get certificateError(): string | null {
    return certificateProblem(this.#wrong)
  }

  /** Whether the side's kept secret goes to the address that is typed by now; the back end sends it nowhere else. */
  hasSecret(side: Side): boolean {
    const kept = side === 'pbx' ? this.#kept.hasPbxPassword : this.#kept.hasApiKey
    return kept && !this.#isElsewhere(side)
  }

  /** Why a secret must be typed although one is kept. */
  secretHint(side: Side): string | undefined {
    const kept = side === 'pbx' ? this.#kept.hasPbxPassword : this.#kept.hasApiKey
    return kept && this.#isElsewhere(side) ? m.settings_secret_other_address() : undefined
  }

  #isElsewhere(side: Side): boolean {
    const field = side === 'pbx' ? 'pbxUrl' : 'omnideskUrl'
    return this.settings.secrets !== 'environment' && originOf(this.settings[field]) !== originOf(this.#kept[field])
  }

  /** New addresses to which secrets would go that belong to none, such as those of the environment. */
  get leavesTo(): string[] {
    if (this.settings.secrets !== 'environment') return []
    // Whether there is one for a side that has no address yet is not known.
    const addresses = [
      [this.#kept.pbxUrl, this.settings.pbxUrl],
      [this.#kept.omnideskUrl, this.settings.omnideskUrl],
    ] as const
    return addresses.flatMap(([now, then]) => (originOf(now) === originOf(then) ? [] : [then]))
  }

  /** Typed secrets; absent ones stay as they are. */
  secrets(): TypedSecrets {
    return { pbxPassword: this.pbxPassword || null, apiKey: this.apiKey || null }
  }

  /** Another kind of PBX: what the fields of both have stays. */
  chooseVendor(name: string): void {
    this.settings.pbxVendor = name
    for (const { key, default: usual } of vendorOf(this.settings)?.fields ?? []) {
      if (isText(key) && this.settings[key] === '') this.settings[key] = usual
    }
    this.touched()
  }

  /** What a side cannot do without; of the PBX its kind says. */
  #required(side: Side): Field[] {
    if (side === 'omnidesk') return OF_OMNIDESK
    const needed = vendorOf(this.settings)?.fields.filter((field) => field.needed) ?? []
    return needed.map((field) => field.key).filter(isText)
  }

  /** What is wrong with a field, in words. */
  errorOf(field: Field): string | null {
    const required = this.#required('pbx').includes(field) || OF_OMNIDESK.includes(field)
    if (this.#complains && required && this.settings[field].trim() === '') return m.settings_required()
    return this.isWrong(field) ? m.settings_invalid() : null
  }

  /** Of a secret: it must be typed where none is stored. */
  secretErrorOf(side: Side): string | null {
    if (this.#complains && this.#lacksSecret(side)) return this.secretHint(side) ?? m.settings_required()
    return this.isWrong(side === 'pbx' ? 'pbxPassword' : 'apiKey') ? m.settings_invalid() : null
  }

  /** The list of channels for calls, with the address and key as typed. */
  async readChannels(): Promise<void> {
    if (this.readingChannels) return
    this.readingChannels = true
    const result = await asked(() => backend().omnideskChannels(this.#sent(), this.secrets()))
    this.readingChannels = false
    this.channelsError = result.status === 'error' ? result.error : null
    if (result.status === 'ok') this.channels = result.data
  }

  /** The channel that suits alone, where nobody has chosen one; the list is read anew, as address and key may be others by now. */
  async findChannel(): Promise<void> {
    await this.readChannels()
    const { channel } = this.settings
    if (channel !== '' && channel !== this.channelFit?.key) return
    this.channelFit = this.channelsError === null ? fittingChannel(this.channels ?? []) : null
    this.settings.channel = this.channelFit?.key ?? ''
  }

  chooseChannel(key: string): void {
    this.channelFit = null
    this.settings.channel = key
    this.touched()
  }

  /** A choice was made: what the last command complained about is old news. */
  touched(): void {
    this.#wrong = null
  }

  /** The setting because of which the back end refused the last command. */
  get wrong(): string | null {
    return this.#wrong
  }

  /** Whether the back end refused the last command because of this setting. */
  isWrong(setting: string): boolean {
    return this.#wrong === setting
  }

  /** What a side still wants; from now on it is marked. */
  lacking(side: Side): FieldKey[] {
    this.#complains = true
    const lacking: FieldKey[] = this.#required(side).filter((field) => this.settings[field].trim() === '')
    if (this.#lacksYes(side)) lacking.push('plainHttp')
    if (this.#lacksSecret(side)) lacking.push(side === 'pbx' ? 'pbxPassword' : 'apiKey')
    return lacking
  }

  /** Whether a side has everything. */
  isComplete(side: Side): boolean {
    return this.lacking(side).length === 0
  }

  /** What a side wants to be tested: the channel is chosen from a list that a working connection brings. */
  lackingForTest(side: Side): FieldKey[] {
    return this.lacking(side).filter((field) => field !== 'channel')
  }

  canTest(side: Side): boolean {
    return this.lackingForTest(side).length === 0
  }

  /** A new step begins with nothing to complain about. */
  forgive(): void {
    this.#complains = false
  }

  async save(): Promise<boolean> {
    this.saving = true
    this.error = null
    this.#wrong = null
    const sent = { ...this.settings }
    const secrets = this.secrets()
    const result = await backend().saveSettings(this.#sent(), secrets)
    this.saving = false
    if (result.status === 'error') {
      this.error = result.error
      this.problem = problemText(result.error)
      this.#wrong = result.error.about
      return false
    }
    textIsSaved()
    // What was changed while it was being saved stays as it was changed.
    this.settings = { ...result.data, ...changedSince(sent, this.settings) }
    this.#take(result.data)
    if (this.pbxPassword === secrets.pbxPassword) this.pbxPassword = ''
    if (this.apiKey === secrets.apiKey) this.apiKey = ''
    secretsPlace.current = result.data.secrets
    setLanguage(this.settings.language)
    setTheme(this.settings.theme)
    return true
  }

  async test(side: Side): Promise<Result<TestLine[]>> {
    const settings = this.#sent()
    const typed = this.settings.pbxUrl
    this.#wrong = null
    const result = await (side === 'pbx' ? backend().testPbx(settings, this.secrets()) : backend().testOmnidesk(settings, this.secrets()))
    if (result.status === 'error') this.#wrong = result.error.about
    else if (side === 'pbx' && this.settings.pbxUrl === typed) this.#complete(result.data)
    return result
  }

  /** An address without a scheme gets the one that was found by trying, and so the question that plain HTTP takes. */
  #complete(lines: TestLine[]): void {
    const found = lines.find((line) => line.address !== null)?.address
    if (found !== undefined && found !== null && !this.isLocked('pbxUrl')) this.settings.pbxUrl = found.replace(/\/$/, '')
  }

  #sent(): SettingsView {
    return { ...trimmed(this.settings), plainHttp: this.agrees }
  }

  #lacksYes(side: Side): boolean {
    return side === 'pbx' && this.isOpen && !this.agrees
  }

  #lacksSecret(side: Side): boolean {
    if (this.settings.secrets === 'environment') return false
    return !this.hasSecret(side) && (side === 'pbx' ? this.pbxPassword : this.apiKey) === ''
  }
}

/** Another account can be set only when the old one has got everything and no call goes on. */
function problemText({ trouble, about }: CommandError): string {
  if (trouble === 'refused' && about === 'owed') {
    return m.settings_account_owed({ count: desk.view.outbox.filter((row) => row.state !== 'done').length })
  }
  if (trouble === 'refused' && about === 'inCall') return m.settings_account_in_call()
  if (trouble === 'refused' && about === 'locked') return m.settings_not_saved({ reason: m.settings_locked() })
  if (trouble === 'badSetting' && about === 'hotkeySame') return m.settings_not_saved({ reason: m.hotkey_same() })
  if (trouble === 'keychainLocked') return m.settings_keychain_locked()
  return m.settings_not_saved({ reason: troubleText(trouble) })
}

/** How the PBX's dialplan expects numbers; what is no such way is the usual one. */
export function dialFormat(value: string): DialFormat {
  return value === 'plus' || value === 'eight' ? value : 'digits'
}

/** A setting that is a text. */
function textIn(settings: SettingsView, field: FieldKey): string {
  const value = new Map<string, unknown>(Object.entries(settings)).get(field)
  return typeof value === 'string' ? value : ''
}

function changedSince(before: SettingsView, after: SettingsView): Partial<SettingsView> {
  const old = new Map<string, unknown>(Object.entries(before))
  return Object.fromEntries(Object.entries(after).filter(([name, value]) => old.get(name) !== value))
}

/** A copied address often brings a space along. */
function trimmed(settings: SettingsView): SettingsView {
  const out = { ...settings }
  for (const field of TEXTS) out[field] = out[field].trim()
  return out
}

/** Language or theme alone, kept and shown at once; answers with why it could not be. Nothing that is being typed is saved with it. */
export async function changeLook(field: 'language' | 'theme', value: string): Promise<string | null> {
  const saved = await asked(async () => {
    const settings = await backend().settings()
    return backend().saveSettings({ ...settings, [field]: value }, { pbxPassword: null, apiKey: null })
  })
  if (saved.status === 'error') return problemText(saved.error)
  setLanguage(saved.data.language)
  setTheme(saved.data.theme)
  return null
}
