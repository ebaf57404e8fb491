//! What stands around the table, in English.

pub const INTRO: &str = "\
# What becomes of a call

[По-русски](ru/call-outcomes.md)

For administrators and supervisors: which case a call leaves in Omnidesk, with which status, and why. The table is written from the
program's own decision table (`src-tauri/crates/calls/src/outcome/table.rs`), and a test compares the two, so it is never out of date.
Rule numbers are those the interface shows beside each case («правило S30»).

Read from top to bottom: **the first row that fits decides.** «Status» is the status when the call has ended.
A *missed-call case* is the client's case «Пропущенный звонок с [номер]» since which nobody has talked with the client; there is one per
client, and every further missed call and every vain call back is noted in it. A dash means that it is left alone; «closed» means closed
if there is one. *Talked* means that agent and client had a conversation;
an answering machine or a menu is none, and a call that never reaches an agent leaves nothing (S29).
*Nobody saw*: Ringside was not running, or not connected, when the call ended; see the end of this page.
";

pub const NOTES: &str = "\
## In every case

- A case that appears by itself has one message: what the agent typed, the line about the call, the recording. A case created with
  «Создать» during the call exists at once and begins with what the agent typed; when the call has ended, the message about the call
  follows: how long they talked, the recording, and anything typed after «Создать» (S06). An attached call is one message in the
  chosen case (S09).
- The subject the agent typed comes first; without one, «Входящий звонок с [номер]», «Исходящий звонок на [номер]» or «Пропущенный
  звонок с [номер]».
- A conversation closes *every* missed-call case of the client except the one it was attached to. Usually there is one; there are two
  when a client called from two numbers before anybody knew that both are theirs.
- The handset of a missed-call case turns green only by a call *out* that the client answered and that was recorded (S28), whether that
  call was attached to the case or closed it.
- Each agent's part of a transferred conversation is a call of its own, with a row of its own (S16).

## Where SPEC is silent

- **Created or attached while it rang, and nobody answered:** the created case is «открытое», for somebody has to call back; the attached
  case keeps its status. Nothing is closed, for nobody talked.
- **Created or attached while it rang, and a colleague answered:** the conversation is the colleague's, so the created case is
  «открытое» and closes no missed-call case; the attached case keeps its status.
- **Hidden or unreadable number:** no user is made from it and no case appears by itself. When the agent finds the user, even after the
  call, the case that was due appears then (S14).
- **Typed, but the client did not answer a call out:** what was typed is kept in a case «в ожидании», as S15 has it for other calls, even
  where cases for unanswered calls out are switched off. If the client has a missed-call case, subject and gist go there.
- **Compose page opened and left empty on a call out:** as on an incoming call, «открытое» (S07).
- **The case was deleted in Omnidesk** during the call: a new one takes its place, and the call says so. It waits («в ожидании») if there was a
  conversation; otherwise it is decided as if nothing had been chosen. A case that appeared by itself and was then deleted stays deleted.
  **Merged** cases are followed to where they are now.
- **Undo («Отменить»):** a case made for the call becomes «открытое», a case the call was attached to gets back the status it had, and
  missed-call cases that the call closed are opened again, with a red handset. What a person has decided since stays. The next missed call gets a case of its own all the same: they did talk (S27).
- **The transfer is told after the end:** a case that appeared by itself and was left alone is closed then (S17).
- **Missed at several desks:** a ring group that nobody answers is one missed call: the first of the desks where it rang writes it, and
  every desk shows that case. Should that desk be off, the next one writes, seconds later. Calls missed at different desks share the
  client's missed-call case. What shows which desks there are is the PBX; where it does not say, two desks may write at once.
- **Passed from phone to phone** by a queue or hunt group: while the call goes on elsewhere, nothing is written; answered there, it was not missed.
- **A missed-call case that somebody has dealt with** in Omnidesk (it is not «открытое» any more) is left alone: the next missed call gets a
  case of its own, and no conversation closes it again.
- **A call out that could not be placed** (wrong number, no rule for it in the context, no line, phone not registered, PBX out of reach), or
  for which the agent did not pick up, leaves nothing: the client was never rung. The PBX takes an order into a wrong context all the same, rings the
  agent's phone, and hangs up on the answer: what tells is that nobody was ever dialled. A client's phone that is switched off is an attempt. If the PBX places it after all, it goes on as if nothing had been; one that the agent
  has cancelled is hung up.
- **Typed over the end and after it:** what is typed until the message about the call is written goes into it; what comes later is a note
  of its own, sent when the agent leaves the page. A compose page that gets its text only then was not left empty: the case waits (S15).
  Text about a call out that the PBX refused makes a case «в ожидании» of its own.
- **Colleagues among themselves** (a consultation before a transfer) never leave a case by themselves and close nothing.

## Out of sight

When Ringside was not running, not connected or frozen while a call ended, it does not guess. On its return it asks, in this order:

- **Where the client is.** Talks to somebody else: a colleague took the call; had the agent answered, the agent passed it on (S17),
  also where only the PBX knows that the agent's phone had the client on the line (S16). Still waits: followed like any missed call.
- **The recording.** Its length is the talk time, also of a conversation whose answer nobody saw, where the call rang at this phone
  alone or the recording's name has the extension. A recording with nobody on it: nobody talked.
- **Omnidesk.** Every case carries the conversation's id. A colleague's record of the conversation is as good as having seen it:
  answered by a colleague, or missed and written already. The desk that could not look comes last.

Only then the outcome is **unknown**: an open case «исход неизвестен: Ringside не был на связи с 12:01 до 12:03» with the label «Исход
неизвестен». It counts neither as missed nor as answered, closes nothing, and no later call is grouped with it; an unknown call back is
noted in the missed-call case, which stays as it is. A talk whose end nobody saw lasted «не менее» as long as is known: until the PBX was
last heard. An order that the PBX never told of leaves nothing.
";
