/** What the windows say of calls and cases is true at once: statuses, order, what is not known, timers. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { CallView, CaseRow, MessageView } from '$lib/backend'
import { call as made } from '$lib/backend/fake/scene'
import { now, setClock } from '$lib/clock.svelte'
import { entriesOf } from '../src/pages/case/logged'
import { rowsOf } from '../src/pages/calls/rows'
import { decisionOf, withStatuses } from '../src/pages/profile/rows'
import { bannerOf } from '../src/workspace/banner'
import { scene } from './stage'

const row = (id: string): CaseRow => ({ id, number: id, subject: id, status: 'open', handset: 'incoming', staff: null, updatedAt: 1, isCall: true, claim: null })
const outcome = { rule: 'S30', status: 'waiting', reason: 'answeredAndCreated', closedMissed: [], undo: null, undone: false, overruled: false } as const
const ended = (id: string, caseId: string, more: Partial<CallView> = {}): CallView =>
  made({ id, phase: 'ended', endedAt: 10, case: { type: 'linked', caseId, number: caseId, subject: '', attached: false }, outcome: { ...outcome, closedMissed: [] }, ...more })
const message = (id: string, at: number, call: string | null = null): MessageView => ({ id, author: 'staff', authorName: null, text: id, at, note: true, attachments: [], call })

describe('a profile', () => {
  test('s30 drops «Открытое» the moment the status is known', () => {
    expect(withStatuses([row('5'), row('6')], [ended('a', '5')], new Set()).map(({ status }) => status)).toEqual(['waiting', 'open'])
  })

  test('s33a the missed case that the conversation closed is closed there, too', () => {
    const closing = ended('a', '5', { outcome: { ...outcome, closedMissed: [{ caseId: '6', number: null, state: 'closed' }] } })
    expect(withStatuses([row('5'), row('6')], [closing], new Set()).map(({ status }) => status)).toEqual(['waiting', 'closed'])
  })

  test('what was decided before the list was read is in the list', () => {
    const call = ended('a', '5')
    expect(withStatuses([row('5')], [call], new Set([decisionOf(call)]))[0]?.status).toBe('open')
  })
})

describe('a case', () => {
  test('s27 a missed call that another desk has told stands there once', () => {
    const missed = ended('b', '5', { disposition: 'missed', offeredAt: 20 })
    const told = [message('1', 10), message('2', 30)]
    expect(entriesOf(told, [missed], [missed], new Set(['b'])).map(({ key }) => key)).toEqual(['message 1', 'message 2'])
  })

  test('s27 a missed call that is not written yet stands where it belongs by its time, one that goes on stands last', () => {
    const missed = ended('b', '5', { disposition: 'missed', offeredAt: 20 })
    const live = made({ id: 'c', phase: 'talking', offeredAt: 5 })
    const keys = entriesOf([message('1', 10), message('2', 30)], [live, missed], [live, missed], new Set()).map(({ key }) => key)
    expect(keys).toEqual(['message 1', 'call b', 'message 2', 'call c'])
  })
})

test('s15 the row of a call says that there is text which is not sent', () => {
  const call = ended('a', '5', { draft: { subject: '', gist: 'Текст', savedAt: 1, unsent: true } })
  expect(rowsOf([call], [])[0]?.sent).toBe('unsent')
})

test('d6 a channel that is gone, or was not chosen, is said', () => {
  const { view } = scene('ws-calls')
  const up = { state: 'up', trouble: null, since: null, retryAt: null } as const
  const kinds = (['gone', 'unset', 'there', 'unknown'] as const).map((channel) => bannerOf({ ...view, pbx: up, omnidesk: up, outbox: [], channel }, null, 'calls')?.kind)
  expect(kinds.slice(0, 2)).toEqual(['channel-gone', 'channel-unset'])
  expect(kinds.slice(2).some((kind) => kind?.startsWith('channel'))).toBe(false)
})

describe('the clock of the windows', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }))
  afterEach(() => {
    setClock(0)
    vi.useRealTimers()
  })

  test('a computer whose clock is set during a call changes no timer', () => {
    setClock(5_000_000)
    vi.advanceTimersByTime(2_000)
    vi.setSystemTime(0)
    expect(now()).toBe(5_002_000)
  })
})
