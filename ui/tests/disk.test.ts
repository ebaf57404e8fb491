import { render, screen } from '@testing-library/svelte'
import { describe, expect, test } from 'vitest'
import type { StorageFaultView, StorageView } from '$lib/backend'
import { DISK_WELL, desk as deskView } from '$lib/backend/fake/scene'
import { titleOf, noteOf } from '../src/pages/outbox/words'
import CallCard from '../src/popup/CallCard.svelte'
import { bannerOf } from '../src/workspace/banner'
import { scene, stage } from './stage'

const banner = (storage: Partial<StorageView>, seen = false) => bannerOf(deskView({ storage: { ...DISK_WELL, ...storage } }), null, 'calls', seen)

describe('what the workspace says of the disk', () => {
  test('d3_each_way_in_which_it_refuses_has_a_title_of_its_own', () => {
    const faults: StorageFaultView[] = ['full', 'readOnly', 'damaged', 'inUse', 'other']
    const titles = faults.map((fault) => banner({ fault })?.title)
    expect(new Set(titles).size).toBe(faults.length)
    for (const fault of faults) expect(banner({ fault })?.text).toContain('только в памяти')
  })

  test('d3_it_says_when_the_disk_takes_writes_again', () => {
    expect(banner({ mendedAt: 1 })).toMatchObject({ kind: 'disk-back', tone: 'neutral' })
  })

  test('d3_what_was_lost_is_said_until_it_was_read', () => {
    expect(banner({ aside: '/data/ringside.damaged-1.db' })?.text).toContain('/data/ringside.damaged-1.db')
    expect(banner({ unreadable: 3 })?.title).toBe('Не читаются 3 строки файла данных.')
    expect(banner({ aside: '/data/x.db', unreadable: 3 }, true)).toBeNull()
  })
})

async function popup(name: string): Promise<string> {
  await stage(name)
  const [call] = scene(name).view.calls
  if (call === undefined) throw new Error('no call')
  render(CallCard, { props: { call, others: [] } })
  return document.body.textContent ?? ''
}

describe('what the popup says of the disk', () => {
  test('d3_it_promises_no_case_that_it_may_not_keep', async () => {
    const text = await popup('popup-ended-disk')
    const said = screen.getAllByRole('status').map((status) => status.textContent)
    expect(said.filter((text) => text.includes('обращения не будет, пока диск не запишет'))).toHaveLength(1)
    expect(text).toContain('Обращение ждёт: диск не записывает')
    expect(text).not.toContain('Обращение отправляется')
  })

  test('d3_while_it_rings_it_says_that_what_is_written_stays_in_memory', async () => {
    const text = await popup('popup-ringing-disk')
    expect(text).toContain('На диске нет места')
    expect(text).toContain('останется только в памяти')
  })

  test('d3_it_says_when_all_is_stored_again', async () => {
    expect(await popup('popup-ended-disk-back')).toContain('Диск снова записывает · всё сохранено')
  })
})

test('s24_a_recording_that_will_never_come_is_said_in_its_row', async () => {
  const { view } = scene('ws-outbox-no-recording')
  const row = view.outbox.find((each) => each.recording === 'never')
  if (row === undefined) throw new Error('no such row')
  const call = view.calls.find((each) => each.id === row.call) ?? null
  expect(titleOf(row, call)).toContain('Запись разговора')
  expect(noteOf(row, call)).toBe('Записи не будет: на АТС её нет')
})
