/** What the windows ask of the back end, whoever stands behind it: the real one or the stand-in of a plain browser. */
import type {
  Appearance,
  CallsPage,
  CallsQuery,
  CasePageView,
  ChannelOption,
  ClosingAnswer,
  CommandError,
  DataField,
  DeskView,
  DialAnswer,
  DialPreview,
  DialStart,
  DoubtView,
  EnrolmentFor,
  FieldsView,
  FiguresRange,
  FiguresView,
  FoundUser,
  HealthView,
  HotkeysBy,
  HotkeysView,
  LinksHolder,
  OfficeView,
  OfficeWish,
  LabelsView,
  MadeLink,
  PauseFor,
  PhraseRow,
  PhraseView,
  PhrasesView,
  PopupRoomView,
  ProfileView,
  Ring,
  RingSound,
  RingTrouble,
  RingsView,
  Route,
  ScreenView,
  SettingsView,
  Shows,
  StartTrouble,
  TeamView,
  TeamWish,
  TestLine,
  TypedSecrets,
  UpdateView,
  UserChanges,
  UserForm,
  UserView,
  VersionView,
  WhenChoice,
  WhenView,
} from './bindings'

export type * from './bindings'

/** The outcome of a command that can be refused. */
export type Result<T> = { status: 'ok'; data: T } | { status: 'error'; error: CommandError }

/** Ends a subscription. */
export type Unlisten = () => void

export interface Backend {
  /** The state as of now; the popup's contains only its calls, the workspace's those that are on, the last few and those
   *  that its page shows, the dial window's only recent outside calls without their cases. */
  desk(shows: Shows): Promise<DeskView>
  /** There is a newer state, of this revision. Events carry no more: every window may hear those of all. */
  onDeskChanged(listener: (revision: number) => void): Promise<Unlisten>
  /** Workspace: the pages that the back end wants opened, each given once. */
  pagesToOpen(): Promise<Route[]>
  /** Workspace: there is such a page. */
  onNavigate(listener: () => void): Promise<Unlisten>

  profile(user: string): Promise<Result<ProfileView>>
  /** Reads the linked profiles that this computer does not know; answers with the user as known then. */
  linkedProfiles(user: string): Promise<Result<UserView>>
  /** A case that this desk opened itself is not read in Omnidesk for a while; `fresh`: it is, all the same. */
  casePage(caseId: string, fresh: boolean): Promise<Result<CasePageView>>
  /** The id of the case that people know by this number: `gone` where there is none. */
  caseByNumber(number: string): Promise<Result<string>>
  searchUsers(query: string): Promise<Result<FoundUser[]>>
  /** A window of the history's calls, at most 500 rows; those that the desk still has as it shows them. `refused` about `storage`. */
  callList(query: CallsQuery): Promise<Result<CallsPage>>
  /** The sound in a file of a message. Who does not wait for it any more says so. */
  recording(caseId: string, attachment: string, leave: AbortSignal): Promise<Result<Blob>>
  openInOmnidesk(route: Route): Promise<Result<null>>

  /** The compose page of the call was opened (S05). */
  openCompose(call: string): Promise<unknown>
  /** Answers with the moment of saving, ms since 1970. */
  saveDraft(call: string, subject: string, gist: string): Promise<Result<number>>
  /** The agent is done with the text: what was typed after the end goes as an addition. Nothing is sent while the call lasts. */
  sendDraft(call: string): Promise<Result<null>>
  createCase(call: string, subject: string, gist: string): Promise<Result<null>>
  attachCall(call: string, caseId: string, gist: string): Promise<Result<null>>
  /** Adds the calling number to the user's data (S13). */
  linkUser(call: string, user: string): Promise<Result<null>>
  /** Says which of several users it is. */
  chooseUser(call: string, user: string, remember: boolean): Promise<Result<null>>

  /** The form over a user; without a user, over the one that Omnidesk makes from the call's number (S14). */
  userForm(user: string | null, call: string | null): Promise<Result<UserForm>>
  /** Owed to Omnidesk at once, shown at once; refusals appear in the outbox. `badSetting` names the field it is about. */
  editUser(user: string | null, call: string | null, changes: UserChanges): Promise<Result<null>>

  /** Reads a number as typed or pasted. */
  readNumber(text: string): Promise<DialPreview>
  /** Places a call; answers with its id, which `desk` carries at once. From a case, the call belongs to the case (S18). */
  dial(number: string, caseId: string | null, agreed: DoubtView | null): Promise<Result<DialAnswer>>
  hangUp(call: string): Promise<Result<null>>
  /** Undoes what was decided by itself when the call ended. */
  undoOutcome(call: string): Promise<Result<null>>
  /** The page the agent sees; none when the window is not in front. A call dialled from a case comes up in the popup meanwhile (S20). */
  lookingAt(route: Route | null): Promise<unknown>
  /** The next call from a colleague is shown in the popup, too, as the set-up is being tried with it; or it is not any more. */
  awaitTrial(on: boolean): Promise<unknown>

  /** The administrator's data fields (S02). */
  dataFields(): Promise<Result<FieldsView>>
  saveFields(fields: DataField[]): Promise<Result<FieldsView>>
  /** The setting as a file's text. */
  exportFields(): Promise<Result<string>>
  /** Everything on this computer that this version could not read or handle, as text; from then on it is not spoken of. */
  exportAside(): Promise<Result<string>>
  importFields(text: string): Promise<Result<FieldsView>>
  /** The labels picked for a call, all of them as they are now; written once the agent is done picking. */
  pickLabels(call: string, labels: string[]): Promise<Result<null>>
  /** «Перезваниваю», written into the case of a missed call for colleagues to see; or not after all. `notOffered`; `refused` about `claimed`. */
  claim(call: string, on: boolean): Promise<Result<null>>
  /** «Скрыть личное»: popup, tray and dial window get no names, numbers and values. */
  hidePersonal(hide: boolean): Promise<Result<null>>
  /** Popups do not come for that long; calls go on as ever. `badSetting` about `minutes`; `storage`. */
  pausePopups(length: PauseFor): Promise<Result<null>>
  /** They come again; outside working hours until those begin. */
  resumePopups(): Promise<Result<null>>
  /** The agent knows what was missed while they were paused. */
  knowsOfMissed(): Promise<unknown>
  /** The missed inbox is looked at: Omnidesk is asked, at most each minute, with whom a colleague has dealt. */
  lookAtMissed(): Promise<Result<null>>
  /** Which labels can be picked, for their editor. */
  labels(): Promise<Result<LabelsView>>
  saveLabels(labels: string[]): Promise<Result<LabelsView>>
  /** How a typed time is understood now; and what is offered at the press of a digit. */
  readWhen(text: string): Promise<Result<WhenView>>
  whenChoices(): Promise<Result<WhenChoice[]>>
  /** Reminds to call the call's client back; written into its case. `badSetting` about `when`, `past`, `tooFar`; `refused` about `nobody`, `tooMany`. */
  remind(call: string, when: string, what: string): Promise<Result<null>>
  remindLater(id: string, when: string): Promise<Result<null>>
  endReminder(id: string): Promise<Result<null>>
  /** The office's phrases, filled in with what is known of a call. */
  phrasesFor(call: string): Promise<Result<PhraseView[]>>
  phrases(): Promise<Result<PhrasesView>>
  /** What the office publishes for all its desks; `fresh`: it is looked for first. */
  officeSettings(fresh: boolean): Promise<Result<OfficeView>>
  /** Publishes settings of this computer. `refused` about `published`, `records`, `cut`, `tooLarge`; `badSetting` about a setting or `tooLong`; `forbidden`. */
  publishOffice(wish: OfficeWish): Promise<Result<OfficeView>>
  /** Publishes the one before anew, while `seen` stands. */
  publishOfficeBefore(seen: number): Promise<Result<OfficeView>>
  /** This computer goes back to the one before, or forth again. */
  goBackOffice(back: boolean): Promise<Result<OfficeView>>
  /** `badSetting` about `phrases`, or about `title-2`, `text-2`, counted from 0. */
  savePhrases(phrases: PhraseRow[]): Promise<Result<PhrasesView>>
  /** The fields in a phrase's text that stand for nothing. */
  unknownFields(text: string): Promise<string[]>
  /** Shows the real popup with a made-up call. */
  showTestCall(): Promise<unknown>

  /** Who opens links to numbers on this desktop. */
  /** Whether the program starts when the person logs in; null where that is not asked. */
  startsAtLogin(): Promise<Result<boolean | null>>
  startAtLogin(on: boolean): Promise<Result<boolean | null>>
  linksHolder(): Promise<Result<LinksHolder>>
  takeLinks(): Promise<Result<LinksHolder>>
  giveLinksBack(): Promise<Result<LinksHolder>>
  /** Who hears the key combinations, and which are not heard; answers when what was saved holds. */
  hotkeys(): Promise<HotkeysView>
  /** While one is recorded, none is heard. */
  recordHotkey(on: boolean): Promise<HotkeysView>
  /** The desktop asks its person again, who had said no. */
  askForHotkeys(): Promise<HotkeysView>
  /** Who hears them changed, or which are heard. */
  onHotkeysChanged(listener: () => void): Promise<Unlisten>

  /** A link that offers this computer's settings to another one, and of an agent what is given. `badSetting` about a setting, or about `link`. */
  enrolmentLink(agent: EnrolmentFor): Promise<Result<MadeLink>>

  /** Which version runs, and what is known of newer ones. */
  version(): Promise<VersionView>
  /** Asks the office's list of versions now. */
  lookForUpdate(): Promise<UpdateView>
  /** Installs the newer version that was found, and starts the program again. `failed`: nothing has changed. */
  installUpdate(): Promise<UpdateView>
  /** What is known of newer versions changed. */
  onVersionKnown(listener: () => void): Promise<Unlisten>

  /** What the program knows of itself; nothing of a person. */
  health(): Promise<Result<HealthView>>
  /** Statistics of these days (S35-S38), of the calls in this computer's history. */
  figures(range: FiguresRange): Promise<Result<FiguresView>>
  /** The team's statistics of these days, as far as Omnidesk has told; one step further where that is wanted. */
  teamFigures(range: FiguresRange, wish: TeamWish): Promise<Result<TeamView>>
  settings(): Promise<SettingsView>
  saveSettings(settings: SettingsView, secrets: TypedSecrets): Promise<Result<SettingsView>>
  /** The screens on which the popup can stand, by name. */
  screens(): Promise<ScreenView[]>
  /** For which calls there are sounds. */
  rings(): Promise<RingsView>
  /** Popup, settings: the sound, where one was chosen. */
  ringSound(ring: Ring): Promise<RingSound | null>
  /** Chooses a file, given as base64. */
  keepRingSound(ring: Ring, sound: string): Promise<{ status: 'ok'; data: null } | { status: 'error'; error: RingTrouble }>
  forgetRingSound(ring: Ring): Promise<{ status: 'ok'; data: null } | { status: 'error'; error: RingTrouble }>
  testPbx(settings: SettingsView, secrets: TypedSecrets): Promise<Result<TestLine[]>>
  /** The channels that cases of calls can go to. */
  omnideskChannels(settings: SettingsView, secrets: TypedSecrets): Promise<Result<ChannelOption[]>>
  testOmnidesk(settings: SettingsView, secrets: TypedSecrets): Promise<Result<TestLine[]>>
  retryOutbox(id: string): Promise<Result<null>>
  /** Gives up something that Omnidesk refused. */
  giveUpOutbox(id: string): Promise<Result<null>>
  /** Asks the PBX and Omnidesk again at once. */
  reconnect(): Promise<unknown>

  /** Popup, dial window: how it looks; they may not read the settings. */
  appearance(): Promise<Appearance>
  /** Popup: it is to be mapped where nobody sees it, or hidden again; a call that came is left alone. */
  rehearsePopup(on: boolean): Promise<unknown>
  /** Popup: the call is on the screen. */
  popupPainted(call: string, revision: number): Promise<unknown>
  /** Popup: the height its content needs, CSS px; and whether it gives way to a workspace on the screen. */
  popupSize(height: number, givesWay: boolean): Promise<unknown>
  /** Popup: whether the workspace leaves room for a card, else what gives way is to be one line; and how high one may be. */
  popupRoom(): Promise<PopupRoomView>
  /** Popup: that may have changed. */
  onPopupRoom(listener: () => void): Promise<Unlisten>
  /** Popup: the agent turns to it, by a key or the tray; it is about to get the keyboard. */
  onPopupTurnedTo(listener: () => void): Promise<Unlisten>
  /** Gives the popup the keyboard focus, where it is on the screen; it never takes it by itself (S01). */
  focusPopup(): Promise<unknown>
  hidePopup(): Promise<unknown>
  /** Popup: the agent is done with a call that is over. */
  doneWithCall(call: string): Promise<unknown>
  /** Popup, dial window: opens the workspace there. */
  openRoute(route: Route): Promise<unknown>
  /** Opens the dial window. */
  openDial(): Promise<unknown>
  /** Dial window: what it was opened with. */
  dialReady(): Promise<DialStart>
  /** Dial window: it was opened anew; its field has the focus. */
  onDialOpened(listener: () => void): Promise<Unlisten>
  /** Dial window: the height its content needs, CSS px. */
  dialSize(height: number): Promise<unknown>
  hideDial(): Promise<unknown>
  /** Start window: why the program cannot work. */
  startTrouble(): Promise<StartTrouble>
  startAgain(): Promise<unknown>
  /** Start window: puts a damaged file aside and starts. Answers only when that failed. */
  startAnew(): Promise<{ status: 'ok'; data: null } | { status: 'error'; error: StartTrouble }>
  startQuit(): Promise<unknown>
  /** Any window: the colour of its page, for what stands beneath it. */
  windowGround(red: number, green: number, blue: number): Promise<unknown>
  /** Workspace: it listens now, and may come into view. */
  mainReady(): Promise<unknown>
  /** Draws all windows so large, percent. */
  zoom(percent: number): Promise<unknown>
  /** Workspace: it is drawn. */
  mainPainted(): Promise<unknown>
  /** Workspace: it was hidden for a while and is to be given back; the number of this rest. */
  onRestAsked(listener: (rest: number) => void): Promise<Unlisten>
  /** Workspace: nothing typed would be lost; where to come back to, the page itself last. */
  giveBack(rest: number, pages: Route[]): Promise<unknown>
  /** Workspace: it is to close where no tray would lead back to it; 0: it was minimised, and asks no more. */
  onClosingAsked(listener: (number: number) => void): Promise<Unlisten>
  /** Workspace: what the agent wants instead. */
  answerClosing(answer: ClosingAnswer): Promise<unknown>
}
