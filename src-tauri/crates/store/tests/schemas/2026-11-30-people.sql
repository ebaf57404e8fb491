-- The schema as it was released on 2026-11-29, the later one of the two: with records of cases.
CREATE TABLE journal (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,                 -- ms since 1970, own clock
  input TEXT NOT NULL,                 -- JSON of calls::Input
  handled INTEGER NOT NULL DEFAULT 0,
  replays INTEGER NOT NULL DEFAULT 0   -- counted before the replay
) STRICT;

CREATE INDEX journal_unhandled ON journal (id) WHERE handled = 0;

CREATE TABLE calls (
  leg TEXT PRIMARY KEY NOT NULL,
  offered_at INTEGER NOT NULL,
  body TEXT NOT NULL                   -- JSON of calls::Call
) STRICT;

CREATE TABLE notes (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  body TEXT NOT NULL                   -- JSON of calls::Notes
) STRICT;

CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  leg TEXT NOT NULL,
  duty TEXT NOT NULL,                  -- JSON of calls::Duty
  state TEXT NOT NULL,                 -- queued, wedged, done
  attempts INTEGER NOT NULL DEFAULT 0, -- counted before the attempt
  uncertain INTEGER NOT NULL DEFAULT 0,-- an attempt began whose fate is not known
  next_at INTEGER NOT NULL DEFAULT 0,
  trouble TEXT NOT NULL DEFAULT '',
  code TEXT NOT NULL DEFAULT '',
  result TEXT NOT NULL DEFAULT '',     -- JSON of calls::DutyResult when done
  created_at INTEGER NOT NULL,
  first_tried_at INTEGER NOT NULL DEFAULT 0,
  done_at INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX outbox_open ON outbox (state, seq);

CREATE TABLE people (
  id INTEGER PRIMARY KEY NOT NULL,     -- Omnidesk's user_id
  body TEXT NOT NULL,                  -- JSON, the engine's own form
  haystack TEXT NOT NULL,              -- everything searchable, folded to lower case
  seen_at INTEGER NOT NULL             -- when Omnidesk said so
) STRICT;


CREATE TABLE settings (
  name TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE aside (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,                 -- ms since 1970, own clock
  source TEXT NOT NULL,                -- where it stood: settings, notes, calls, journal
  name TEXT NOT NULL,                  -- and under which name
  body ANY,                            -- as it was
  why TEXT NOT NULL,                   -- unreadable, fails
  given_out INTEGER NOT NULL DEFAULT 0,-- a person has it
  UNIQUE (source, name, body)
) STRICT;

CREATE TABLE history (
  leg TEXT PRIMARY KEY NOT NULL,
  ended_at INTEGER NOT NULL,           -- ms since 1970
  extension TEXT NOT NULL,             -- the agent as the settings said
  email TEXT NOT NULL,
  body TEXT NOT NULL                   -- JSON of PastCall
) STRICT;

CREATE INDEX history_ended ON history (ended_at, leg);

CREATE TABLE cases (
  id INTEGER PRIMARY KEY NOT NULL,     -- Omnidesk's case_id
  body TEXT NOT NULL                   -- JSON of calls::CaseRecord
) STRICT;


CREATE TABLE call_list (
  leg TEXT PRIMARY KEY NOT NULL,       -- of the history's row that it is made from
  at INTEGER NOT NULL,                 -- when it began, ms since 1970
  extension TEXT NOT NULL,             -- whose call it was
  direction TEXT NOT NULL,             -- inbound, outbound, internal
  line TEXT NOT NULL,                  -- the queue or group, else the number that was dialled
  who TEXT NOT NULL,                   -- the other side's number, the same however it is spelt; nothing if hidden
  user INTEGER NOT NULL,               -- Omnidesk's user_id; 0: none
  case_id INTEGER NOT NULL,            -- Omnidesk's case_id; 0: none
  talk INTEGER NOT NULL,               -- how long they talked, ms; -1: not at all
  missed INTEGER NOT NULL,             -- a client called and nobody took it
  find TEXT NOT NULL,                  -- what a search finds, in small letters
  folded INTEGER NOT NULL              -- it stands in the row of the call after it
) STRICT;
CREATE INDEX call_list_at ON call_list (at, leg);
CREATE INDEX call_list_missed ON call_list (at, leg) WHERE missed = 1;
CREATE INDEX call_list_talk_with ON call_list (who, at) WHERE talk >= 0;
CREATE INDEX call_list_talk_of ON call_list (user, at) WHERE talk >= 0;
CREATE INDEX call_list_line ON call_list (line);
CREATE TRIGGER call_list_forgets AFTER DELETE ON history BEGIN DELETE FROM call_list WHERE leg = old.leg; END;
