import { fireEvent, render, screen } from '@testing-library/svelte'
import { expect, test, vi } from 'vitest'
import type { Backend, Caution, DialAnswer, DoubtView, Result, TroubleView } from '$lib/backend'
import DialButton from '$lib/components/DialButton.svelte'
import { cautionText, cautionTitle, countryName } from '$lib/caution'
import { asking, dialTrouble } from '$lib/dialing.svelte'
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
  expect(backend.dial).toHaveBeenCalledExactlyOnceWith(NUMBER, '482', null)
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
  expect(handset().dataset['tip']).toBe('Вы уже говорите с этим пользователем')
  await fireEvent.click(handset())
  expect(backend.dial).not.toHaveBeenCalled()
})

test('where the link places no calls the handset rests and says so, and a click is told the same', async () => {
  const base = scene('ws-profile-idle')
  const backend = await stage({
    ...base,
    view: { ...base.view, onlyTells: true },
    overrides: { dial: async () => ({ status: 'error', error: { trouble: 'notOffered', about: null } }) },
  })
  render(DialButton, { number: NUMBER, caseId: null, label: LABEL })
  const words = 'Через это подключение к АТС звонить нельзя: наберите номер в софтфоне'
  expect([handset().getAttribute('aria-disabled'), handset().dataset['tip']]).toEqual(['true', words])
  await fireEvent.click(handset())
  await settle()
  expect(backend.dial).toHaveBeenCalledOnce()
  expect(screen.getByRole('alert').textContent).toBe(words)
})

test('why a call did not begin stands beneath, and goes with the next attempt', async () => {
  let turn = 0
  await open({ dial: async () => (turn++ === 0 ? { status: 'error', error: { trouble: 'phoneOffline', about: null } } : { status: 'ok', data: { type: 'placed', call: 'c' } }) })
  await fireEvent.click(handset())
  await settle()
  expect(screen.getByRole('alert').textContent).toBe('Софтфон не подключён к АТС. Запустите его и наберите ещё раз')
  await fireEvent.click(handset())
  await settle()
  expect(screen.queryByRole('alert')).toBeNull()
})

const FOREIGN: Caution = { doubt: 'foreign', never: false, number: '+1 876-555-0134', country: 'JM' }
const held = (caution: Caution): Result<DialAnswer> => ({ status: 'ok', data: { type: 'held', caution } })

test('s18 what is held is asked, and dialled only for the reason that was agreed to', async () => {
  const told: (string | null)[] = []
  const { onplaced } = await open({
    dial: async (_number, _case, agreed) => {
      told.push(agreed)
      if (agreed === null) return held(FOREIGN)
      // Meanwhile something graver came up: that is another question.
      return agreed === 'foreign' ? held({ ...FOREIGN, doubt: 'oneRing' }) : { status: 'ok', data: { type: 'placed', call: 'c' } }
    },
  })
  await fireEvent.click(handset())
  await settle()
  expect(asking.question?.caution.doubt).toBe('foreign')
  expect(onplaced).not.toHaveBeenCalled()
  asking.question?.answer(true)
  await settle()
  expect(asking.question?.caution.doubt).toBe('oneRing')
  asking.question?.answer(true)
  await settle()
  expect(told).toEqual([null, 'foreign', 'oneRing'])
  expect(onplaced).toHaveBeenCalledExactlyOnceWith('c')
  expect(asking.question).toBeNull()
})

test('s18 who does not agree dials nobody, and the handset can be pressed again', async () => {
  const { backend, onplaced } = await open({ dial: async () => held(FOREIGN) })
  await fireEvent.click(handset())
  await settle()
  asking.question?.answer(false)
  await settle()
  expect(backend.dial).toHaveBeenCalledOnce()
  expect(onplaced).not.toHaveBeenCalled()
  expect(handset().getAttribute('aria-busy')).toBeNull()
})

test('s18 what the office never calls is said and not asked', async () => {
  await open({ dial: async () => held({ ...FOREIGN, never: true }) })
  await fireEvent.click(handset())
  await settle()
  expect(asking.question).toBeNull()
  expect(screen.getByRole('alert').textContent).toBe('Звонок в другую страну: Ямайка. На такие номера звонить нельзя: так решено в настройках вашей организации')
})

test.each<[DoubtView, string, string]>([
  ['emergency', 'Экстренный номер', 'Emergency number'],
  ['serviceCode', 'Сервисный код', 'Service code'],
  ['premium', 'Платный номер', 'Premium-rate number'],
  ['satellite', 'Спутниковая связь', 'Satellite phone'],
  ['sharedCost', 'Особый тариф', 'Special rate'],
  ['notTheCaller', 'Этот номер может быть чужим', 'The number may be somebody else’s'],
  ['oneRing', 'Звонили меньше трёх секунд', 'It rang for under three seconds'],
  ['foreign', 'Звонок в другую страну: Ямайка', 'Call to another country: Jamaica'],
])('%s is put into words, with the number', (doubt, ru, en) => {
  const caution = { ...FOREIGN, doubt }
  expect(cautionTitle(caution)).toBe(ru)
  expect(cautionText(caution)).toContain('+1 876-555-0134')
  setLanguage('en')
  expect(cautionTitle(caution)).toBe(en)
  expect(cautionText(caution)).toContain('+1 876-555-0134')
})

test('a country that is none is named by its code', () => {
  expect([countryName('KZ'), countryName('<b>'), countryName('')]).toEqual(['Казахстан', '<b>', ''])
})

test('a command that throws is said, too', async () => {
  await open({ dial: () => Promise.reject(new Error('gone')) })
  await fireEvent.click(handset())
  await settle()
  expect(screen.getByRole('alert').textContent).toContain('АТС не ответила')
})

test.each<[TroubleView, string | null, string, string]>([
  ['refused', 'inCall', 'Звонок уже идёт', 'You are already on a call'],
  ['refused', null, 'АТС отклонила звонок', 'The PBX refused'],
  ['badSetting', 'number', 'Этот номер набрать нельзя', 'This number cannot'],
  ['badSetting', 'context', 'Подключение к АТС настроено не до конца', 'The connection to the PBX'],
  ['phoneOffline', null, 'Софтфон не подключён', 'The softphone is not'],
  ['unreachable', null, 'Нет связи с АТС', 'No connection'],
  ['forbidden', null, 'АТС не разрешает', 'The PBX does not let'],
  ['badCredentials', null, 'АТС не приняла пользователя ARI', 'The PBX did not accept'],
  ['other', null, 'АТС не ответила', 'The PBX did not answer'],
])('%s about %s in both languages', (trouble, about, ru, en) => {
  expect(dialTrouble({ trouble, about })).toContain(ru)
  setLanguage('en')
  expect(dialTrouble({ trouble, about })).toContain(en)
})
