import { fireEvent, render, screen } from '@testing-library/svelte'
import { expect, test, vi } from 'vitest'
import type { Backend, TroubleView } from '$lib/backend'
import DialButton from '$lib/components/DialButton.svelte'
import { dialTrouble } from '$lib/dialing.svelte'
import { setLanguage } from '$lib/i18n.svelte'
import { scene, stage } from './stage'

const NUMBER = '+7 (921) 555-01-34'
const LABEL = `Позвонить на ${NUMBER}`
const settle = () => new Promise((done) => setTimeout(done, 0))
const handset = () => screen.getByRole('button', { name: LABEL })

async function open(overrides: Partial<Backend> = {}) {
  const base = scene('ws-profile-idle')
  const backend = await stage({ ...base, overrides })
  const onplaced = vi.fn()
  render(DialButton, { number: NUMBER, caseId: '482', label: LABEL, onplaced })
  return { backend, onplaced }
}

test('s18 the green handset dials for its case, once', async () => {
  const { backend, onplaced } = await open()
  await fireEvent.click(handset())
  await settle()
  expect(backend.dial).toHaveBeenCalledExactlyOnceWith(NUMBER, '482')
  expect(onplaced).toHaveBeenCalledExactlyOnceWith('dialled')
})

test('while the answer is awaited a second click does nothing', async () => {
  const { backend } = await open({ dial: () => new Promise(() => undefined) })
  await fireEvent.click(handset())
  await fireEvent.click(handset())
  expect(backend.dial).toHaveBeenCalledOnce()
  expect(handset().getAttribute('aria-busy')).toBe('true')
})

test('while a call is on the handset rests, keeps its focus and says why', async () => {
  const backend = await stage('ws-profile')
  render(DialButton, { number: NUMBER, caseId: null, label: LABEL, busyLabel: 'Вы уже говорите с этим пользователем' })
  expect(handset().getAttribute('aria-disabled')).toBe('true')
  expect(handset().title).toBe('Вы уже говорите с этим пользователем')
  await fireEvent.click(handset())
  expect(backend.dial).not.toHaveBeenCalled()
})

test('why a call did not begin stands beneath, and goes with the next attempt', async () => {
  let turn = 0
  await open({ dial: async () => (turn++ === 0 ? { status: 'error', error: { trouble: 'phoneOffline', about: null } } : { status: 'ok', data: 'c' }) })
  await fireEvent.click(handset())
  await settle()
  expect(screen.getByRole('alert').textContent).toBe('Софтфон не подключён к АТС. Запустите его и наберите ещё раз')
  await fireEvent.click(handset())
  await settle()
  expect(screen.queryByRole('alert')).toBeNull()
})

test('a command that throws is said, too', async () => {
  await open({ dial: () => Promise.reject(new Error('gone')) })
  await fireEvent.click(handset())
  await settle()
  expect(screen.getByRole('alert').textContent).toContain('АТС не ответила')
})

test.each<[TroubleView, string | null, string, string]>([
  ['refused', 'inCall', 'Звонок уже идёт', 'A call is on'],
  ['refused', null, 'АТС отклонила звонок', 'The PBX refused'],
  ['badSetting', 'number', 'Этот номер набрать нельзя', 'This number cannot'],
  ['badSetting', 'context', 'Подключение к АТС настроено не до конца', 'The connection to the PBX'],
  ['phoneOffline', null, 'Софтфон не подключён', 'The softphone is not'],
  ['unreachable', null, 'Нет связи с АТС', 'No connection'],
  ['forbidden', null, 'АТС не разрешает', 'The PBX does not let'],
  ['badCredentials', null, 'АТС не приняла логин', 'The PBX did not accept'],
  ['other', null, 'АТС не ответила', 'The PBX did not answer'],
])('%s about %s in both languages', (trouble, about, ru, en) => {
  expect(dialTrouble({ trouble, about })).toContain(ru)
  setLanguage('en')
  expect(dialTrouble({ trouble, about })).toContain(en)
})
