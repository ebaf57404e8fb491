import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte'
import { tick } from 'svelte'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { OfficeFault, OfficeView, OfficeWish, Result } from '$lib/backend'
import { ok, refused } from '$lib/backend/fake/backend'
import { OFFICE, published, REFUSED_OFFICE } from '$lib/backend/fake/office'
import Settings from '../src/pages/Settings.svelte'
import { changes, firstTicks, wrongText } from '../src/pages/settings/office'
import { settingsView } from '../src/pages/settings/section.svelte'
import { scene, stage } from './stage'

beforeEach(() => vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['ru-RU']))
afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
  settingsView.section = 'connections'
})

async function settle() {
  for (let turn = 0; turn < 12; turn += 1) await tick()
}

async function show(overrides: NonNullable<ReturnType<typeof scene>['overrides']> = {}, office: OfficeView = OFFICE) {
  const from = scene('ws-settings')
  const backend = await stage({ ...from, office, overrides: { ...from.overrides, ...overrides } })
  render(Settings)
  await settle()
  await fireEvent.click(screen.getByRole('button', { name: 'Настройки отдела' }))
  await settle()
  return backend
}

const rowOf = (name: string) => within(screen.getByRole('table')).getByText(name).closest('tr') as HTMLElement

test('what stands, its author and its values are shown beside those of this computer, and nothing is published by looking', async () => {
  const publishOffice = vi.fn(async (): Promise<Result<OfficeView>> => ok(OFFICE))
  await show({ publishOffice })
  expect(screen.getByText(/^Версия 12, Анна Литвинова/)).toBeTruthy()
  expect(within(rowOf('Метки-итоги')).getByText('то же')).toBeTruthy()
  const phrases = rowOf('Фразы')
  expect(phrases.textContent).toContain('Перезвонить: Не удалось дозвониться')
  expect(phrases.textContent).toContain('своё на этом компьютере')
  expect(rowOf('Канал звонков').textContent).toContain('Закреплено')
  expect(screen.getByText(/Публиковать может каждый, кому в Омнидеске можно изменять компании/)).toBeTruthy()
  expect(publishOffice).not.toHaveBeenCalled()
})

test('what is ticked and locked is published over the version that was seen, and a conflict shows the other one', async () => {
  const other = { ...published(published(OFFICE)), before: OFFICE.stands }
  const wishes: OfficeWish[] = []
  let stands: OfficeView = OFFICE
  const publishOffice = async (wish: OfficeWish): Promise<Result<OfficeView>> => {
    wishes.push(wish)
    if (wish.seen === 12) {
      stands = other
      return refused({ trouble: 'refused', about: 'published' })
    }
    stands = published(other)
    return ok(stands)
  }
  await show({ publishOffice, officeSettings: async () => ok(stands) })
  await fireEvent.click(screen.getByRole('checkbox', { name: 'Публиковать: Метки-итоги' }))
  await fireEvent.click(screen.getByRole('checkbox', { name: 'Закрепить: Фразы' }))
  await fireEvent.click(screen.getByRole('button', { name: 'Опубликовать версию 13' }))
  await settle()
  expect(wishes[0]?.seen).toBe(12)
  expect(wishes[0]?.keys).not.toContain('labels')
  expect([...(wishes[0]?.locked ?? [])].sort()).toEqual(['channel', 'dialPolicy', 'phrases'])
  expect(screen.getByRole('alert').textContent).toContain('опубликована другая версия')
  expect(screen.getByText(/^Версия 14/)).toBeTruthy()
  await fireEvent.click(screen.getByRole('checkbox', { name: 'Публиковать: Метки-итоги' }))
  await fireEvent.click(screen.getByRole('button', { name: 'Опубликовать версию 15' }))
  await settle()
  expect(wishes[1]?.seen).toBe(14)
  expect(screen.getByRole('status', { name: '' }).textContent).toContain('Опубликовано, версия 15')
})

test('who may not publish sees it read only, with what was refused and why', async () => {
  await show({}, REFUSED_OFFICE)
  expect(screen.queryByRole('checkbox')).toBeNull()
  expect(screen.queryByRole('button', { name: /Опубликовать/ })).toBeNull()
  expect(screen.getByRole('alert').textContent).toContain('omnideskUrl')
  expect(screen.getByRole('alert').textContent).toContain('действует последняя правильная версия')
  expect(rowOf('Метки-итоги').textContent).toContain('Свои <b>метки</b>')
  expect(document.querySelector('td b')).toBeNull()
})

test('a computer goes back by one version and forth again', async () => {
  await show()
  await fireEvent.click(screen.getByRole('button', { name: 'Вернуть на этом компьютере' }))
  await settle()
  expect(screen.getByText(/действует прежняя версия 11/)).toBeTruthy()
  await fireEvent.click(screen.getByRole('button', { name: 'Снова версия 12' }))
  await settle()
  expect(screen.queryByText(/действует прежняя версия/)).toBeNull()
})

test('a place without a text is asked for, and not taken for none', async () => {
  const saveSettings = vi.fn(async () => refused<never>({ trouble: 'badSetting', about: 'officeSettings' }))
  await show({ saveSettings })
  await fireEvent.change(screen.getByRole('combobox', { name: 'Где публикуются' }), { target: { value: 'file' } })
  await settle()
  await fireEvent.click(screen.getByRole('button', { name: 'Сохранить' }))
  await settle()
  expect(saveSettings).toHaveBeenCalledWith(expect.objectContaining({ officeSettings: '-' }), expect.anything())
  expect(screen.getByRole('textbox', { name: 'Полный путь к файлу' }).getAttribute('aria-invalid')).toBe('true')
})

test('each fault has words of its own, and only a change can be published', () => {
  const faults: OfficeFault[] = ['notOne', 'tooLong', 'cut', 'newer', 'secret', 'notPublishable', 'bad', 'records', 'gone', 'unread']
  const words = faults.map((fault) => wrongText({ fault, key: 'labels', trouble: 'forbidden' }))
  expect(new Set(words).size).toBe(faults.length)
  const ticks = firstTicks(OFFICE)
  const locks = OFFICE.stands?.locked ?? []
  expect(changes({ ...OFFICE, rows: OFFICE.rows.filter(({ key }) => key !== 'phrases') }, ticks, locks)).toBe(false)
  expect(changes(OFFICE, ticks, locks)).toBe(true)
  expect(firstTicks({ ...OFFICE, stands: null })).not.toContain('several')
})
