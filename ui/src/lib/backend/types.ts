/** What the windows ask of the back end, whoever stands behind it: the real one or the stand-in of a plain browser. */
import type {
  Appearance,
  CasePageView,
  CommandError,
  DeskView,
  FoundUser,
  ProfileView,
  Route,
  SettingsView,
  TestLine,
  TypedSecrets,
} from './bindings'

export type * from './bindings'

/** The outcome of a command that can be refused. */
export type Result<T> = { status: 'ok'; data: T } | { status: 'error'; error: CommandError }

/** Ends a subscription. */
export type Unlisten = () => void

export interface Backend {
  /** The state as of now; the popup's contains only its calls. */
  desk(): Promise<DeskView>
  onDeskChanged(listener: (view: DeskView) => void): Promise<Unlisten>
  onNavigate(listener: (route: Route) => void): Promise<Unlisten>

  profile(user: string): Promise<Result<ProfileView>>
  casePage(caseId: string): Promise<Result<CasePageView>>
  searchUsers(query: string): Promise<Result<FoundUser[]>>
  /** A file of a message, base64. */
  attachment(caseId: string, attachment: string): Promise<Result<string>>
  openInOmnidesk(route: Route): Promise<Result<null>>

  /** The compose page of the call was opened (S05). */
  openCompose(call: string): Promise<unknown>
  /** Answers with the moment of saving, ms since 1970. */
  saveDraft(call: string, subject: string, gist: string): Promise<Result<number>>
  createCase(call: string, subject: string, gist: string): Promise<Result<null>>
  attachCall(call: string, caseId: string, gist: string): Promise<Result<null>>
  /** Adds the calling number to the user's data (S13). */
  linkUser(call: string, user: string): Promise<Result<null>>
  /** Says which of several users it is. */
  chooseUser(call: string, user: string, remember: boolean): Promise<Result<null>>

  settings(): Promise<SettingsView>
  saveSettings(settings: SettingsView, secrets: TypedSecrets): Promise<Result<SettingsView>>
  testPbx(settings: SettingsView, secrets: TypedSecrets): Promise<Result<TestLine[]>>
  testOmnidesk(settings: SettingsView, secrets: TypedSecrets): Promise<Result<TestLine[]>>
  retryOutbox(id: string): Promise<Result<null>>

  /** Popup: how it looks; it may not read the settings. */
  appearance(): Promise<Appearance>
  /** Popup: the call is on the screen. */
  popupPainted(call: string, revision: number): Promise<unknown>
  /** Popup: the height its content needs, CSS px. */
  popupSize(height: number): Promise<unknown>
  hidePopup(): Promise<unknown>
  /** Popup: opens the workspace there. */
  openRoute(route: Route): Promise<unknown>
  /** Workspace: it listens now. */
  mainReady(): Promise<unknown>
}
