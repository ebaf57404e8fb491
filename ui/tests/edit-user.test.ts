import { fireEvent, render, screen, within } from '@testing-library/svelte'
import { describe, expect, test, vi } from 'vitest'
import type { OutboxRow, UserChanges } from '$lib/backend'
import { desk } from '$lib/desk.svelte'
import { router } from '$lib/router.svelte'
import Compose from '../src/pages/Compose.svelte'
import Profile from '../src/pages/Profile.svelte'
import { check, isEmail, MAX_AREA, MAX_LINE, readDate, writeDate } from '../src/pages/user/check'
import { keepUnsent } from '../src/pages/user/form.svelte'
import { scene, stage } from './stage'

const NOTHING: UserChanges = { name: null, email: null, company: null, position: null, note: null, fields: [] }
const settle = () => new Promise((done) => setTimeout(done, 0))
const dialog = () => screen.getByRole('dialog')
const box = (name: string) => within(dialog()).getByRole<HTMLInputElement>('textbox', { name })
const type = (name: string, value: string) => fireEvent.input(box(name), { target: { value } })
const save = async () => {
  await fireEvent.click(within(dialog()).getByRole('button', { name: /Сохранить/ }))
  await settle()
}

async function profile(from: Parameters<typeof stage>[0] = 'ws-edit-user') {
  keepUnsent('501', null)
  const backend = await stage(from)
  const page = render(Profile, { user: '501', call: 'call-1' })
  await vi.waitFor(() => expect(screen.queryByText('Загружаем')).toBeNull())
  await fireEvent.click(screen.getByRole('button', { name: 'Отредактировать данного пользователя' }))
  await settle()
  return { backend, page }
}

async function compose(from: string) {
  const backend = await stage(from)
  render(Compose, { call: 'call-1' })
  await settle()
  return backend
}

describe('the form', () => {
  test('s05 shows every format with its value', async () => {
    const { backend } = await profile()
    expect(backend.userForm).toHaveBeenCalledExactlyOnceWith('501', 'call-1')
    expect(box('Полное имя').value).toBe('Екатерина Воскресенская-Добролюбова')
    expect(document.activeElement).toBe(box('Полное имя'))
    expect(box('Номер договора').value).toBe('СТ-2024/0318')
    expect(box('Договор до').value).toBe('31.03.2027')
    expect(within(dialog()).getByText('31 марта 2027')).toBeTruthy()
    expect(box('Особенности доставки и разгрузки').tagName).toBe('TEXTAREA')
    expect(within(dialog()).getByRole<HTMLInputElement>('checkbox', { name: 'Приоритетный клиент' }).checked).toBe(true)
    const tariff = within(dialog()).getByRole<HTMLSelectElement>('combobox', { name: 'Тариф' })
    expect([tariff.value, ...[...tariff.options].map((option) => option.text)]).toEqual([
      '2', 'Не выбрано', 'Базовый', 'Корпоративный, до 250 мест', 'Индивидуальный',
    ])
  })

  test('s05 only what changed is sent, each format as Omnidesk takes it', async () => {
    const { backend } = await profile()
    await type('Полное имя', '  Екатерина Добролюбова ')
    await type('Договор до', '1.4.2028')
    await type('Особенности доставки и разгрузки', 'Въезд со двора\nПропуск')
    await fireEvent.click(within(dialog()).getByRole('checkbox', { name: 'Приоритетный клиент' }))
    await fireEvent.change(within(dialog()).getByRole('combobox', { name: 'Тариф' }), { target: { value: '1' } })
    await save()
    expect(backend.editUser).toHaveBeenCalledExactlyOnceWith('501', 'call-1', {
      ...NOTHING,
      name: 'Екатерина Добролюбова',
      fields: [
        { field: 'cf_25', value: '1' },
        { field: 'cf_27', value: '2028-04-01' },
        { field: 'cf_28', value: 'false' },
        { field: 'cf_29', value: 'Въезд со двора\nПропуск' },
      ],
    })
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(screen.getByText('Сохранено, отправляется в Омнидеск')).toBeTruthy()
    expect(backend.profile).toHaveBeenCalledTimes(2)
  })

  test('an emptied field is cleared', async () => {
    const { backend } = await profile()
    await type('Компания', '')
    await type('Договор до', '')
    await save()
    expect(backend.editUser.mock.lastCall?.[2]).toEqual({ ...NOTHING, company: '', fields: [{ field: 'cf_27', value: '' }] })
  })

  test('without a change nothing is sent', async () => {
    const { backend } = await profile()
    await save()
    expect(backend.editUser).not.toHaveBeenCalled()
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(screen.queryByText('Сохранено, отправляется в Омнидеск')).toBeNull()
  })

  test('a value that the list no longer has is kept', async () => {
    const base = scene('ws-edit-user')
    const form = base.form
    if (form === undefined) throw new Error('the scene has no form')
    const { backend } = await profile({ ...base, form: { ...form, values: { ...form.values, fields: [{ field: 'cf_25', value: '9' }] } } })
    const tariff = within(dialog()).getByRole<HTMLSelectElement>('combobox', { name: 'Тариф' })
    expect([tariff.value, tariff.selectedOptions[0]?.text]).toEqual(['9', 'Корпоративный, до 250 мест'])
    await save()
    expect(backend.editUser).not.toHaveBeenCalled()
  })

  test('Ctrl Enter saves', async () => {
    const { backend } = await profile()
    await type('Должность', 'Бухгалтер')
    await fireEvent.keyDown(box('Должность'), { code: 'Enter', ctrlKey: true })
    await settle()
    expect(backend.editUser).toHaveBeenCalledOnce()
  })

  test('Esc never gives up typed text without asking', async () => {
    const { backend } = await profile()
    await type('Должность', 'Бухгалтер')
    await fireEvent.keyDown(dialog(), { code: 'Escape' })
    expect(within(dialog()).getByRole('alert').textContent).toBe('Введённое не сохранено. Закрыть без сохранения?')
    await settle()
    expect(document.activeElement).toBe(within(dialog()).getByRole('button', { name: 'Вернуться к форме' }))
    await fireEvent.keyDown(dialog(), { code: 'Escape' })
    expect(box('Должность').value).toBe('Бухгалтер')
    await fireEvent.keyDown(dialog(), { code: 'Escape' })
    await fireEvent.click(within(dialog()).getByRole('button', { name: 'Не сохранять' }))
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(backend.editUser).not.toHaveBeenCalled()
  })

  test('Esc closes a form without changes at once', async () => {
    await profile()
    await fireEvent.keyDown(dialog(), { code: 'Escape' })
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  test('text of a form whose page went away (a call was answered) is there again', async () => {
    const { page } = await profile()
    await type('Должность', 'Бухгалтер')
    page.unmount()
    render(Profile, { user: '501', call: 'call-1' })
    await settle()
    await fireEvent.click(screen.getByRole('button', { name: 'Отредактировать данного пользователя' }))
    await settle()
    expect(box('Должность').value).toBe('Бухгалтер')
    expect(within(dialog()).getByText('Здесь то, что вы ввели раньше и не сохранили.')).toBeTruthy()
    await save()
  })

  test('data that could not be read can be asked for again', async () => {
    const { backend } = await profile('ws-edit-user-error')
    expect(within(dialog()).getByRole('alert').textContent).toContain('Ответ не пришёл вовремя')
    expect(within(dialog()).getByRole('button', { name: /Сохранить/ }).hasAttribute('disabled')).toBe(true)
    await fireEvent.click(within(dialog()).getByRole('button', { name: 'Повторить' }))
    expect(backend.userForm).toHaveBeenCalledTimes(2)
  })
})

describe('what is wrong is said at its field', () => {
  test.each([
    ['Email-адрес', 'anna@', 'Это не похоже на Email-адрес. Пример: ivanova@company.ru'],
    ['Договор до', '31.02.2027', 'Такой даты нет. Напишите, например, 31.03.2027'],
    ['Номер договора', 'я'.repeat(MAX_LINE + 1), 'Слишком длинно: 256 знаков, а можно не больше 255'],
    ['Заметка', 'я'.repeat(MAX_AREA + 5), 'Слишком длинно: 10005 знаков, а можно не больше 10000'],
  ])('%s', async (name, value, words) => {
    const { backend } = await profile()
    await type(name, value)
    await save()
    expect(box(name).getAttribute('aria-invalid')).toBe('true')
    expect(within(dialog()).getByText(words).id).toBe(box(name).getAttribute('aria-describedby'))
    expect(document.activeElement).toBe(box(name))
    expect(backend.editUser).not.toHaveBeenCalled()
    await type(name, '')
    expect(within(dialog()).queryByText(words)).toBeNull()
  })

  test('a value stored in Omnidesk that we would not take does not stand in the way', async () => {
    const base = scene('ws-edit-user')
    const form = base.form
    if (form === undefined) throw new Error('the scene has no form')
    const { backend } = await profile({ ...base, form: { ...form, values: { ...form.values, email: 'нет почты' } } })
    await type('Должность', 'Бухгалтер')
    await save()
    expect(backend.editUser.mock.lastCall?.[2]).toEqual({ ...NOTHING, position: 'Бухгалтер' })
  })

  test('a refusal that names a field stands there', async () => {
    await profile('ws-edit-user-refused')
    await type('Email-адрес', 'kate@severtech.example')
    await save()
    expect(within(dialog()).getByText('Такое значение Омнидеск не примет')).toBeTruthy()
    expect(document.activeElement).toBe(box('Email-адрес'))
  })

  test('any other refusal keeps the text and says why', async () => {
    await profile('ws-edit-user-not-kept')
    await type('Должность', 'Бухгалтер')
    await save()
    expect(within(dialog()).getByRole('alert').textContent).toBe('Не сохранено: Диск этого компьютера не записывает данные')
    expect(box('Должность').value).toBe('Бухгалтер')
  })

  test.each(['a@b.co', 'e.voskresenskaya-dobrolyubova@severtech.example', 'мария@почта.рф', 'a+b@c-d.org'])('%s is an address', (text) => {
    expect(isEmail(text)).toBe(true)
  })

  test.each(['a@b', '@b.co', 'a b@c.ru', 'a@b..ru', 'a@@b.ru', 'a@b.ru, c@d.ru', '<a@b.ru>', '.a@b.ru', 'a.@b.ru'])('%s is none', (text) => {
    expect(isEmail(text)).toBe(false)
  })

  test.each([
    ['31.03.2027', '2027-03-31'],
    [' 1/4/2028 ', '2028-04-01'],
    ['2028-02-29', '2028-02-29'],
    ['29.02.2027', null],
    ['00.01.2027', null],
    ['31.13.2027', null],
    ['31.03.27', null],
    ['завтра', null],
  ])('the date %s is read as %s', (text, day) => {
    expect(readDate(text)).toBe(day)
    expect(check('date', text) === null).toBe(day !== null)
  })

  test('a stored date that is none stays as it is', () => {
    expect([writeDate('2027-03-31'), writeDate('скоро')]).toEqual(['31.03.2027', 'скоро'])
  })
})

describe('where it opens', () => {
  test('s05 from the compose page, and Ctrl Enter there creates no case meanwhile', async () => {
    const backend = await compose('ws-edit-user-compose')
    await fireEvent.click(screen.getByRole('link', { name: 'отредактировать данного пользователя' }))
    await settle()
    await type('Должность', 'Бухгалтер')
    await fireEvent.keyDown(window, { code: 'Enter', ctrlKey: true })
    expect(backend.createCase).not.toHaveBeenCalled()
    await save()
    expect(backend.editUser).toHaveBeenCalledExactlyOnceWith('501', 'call-1', { ...NOTHING, position: 'Бухгалтер' })
    expect(backend.createCase).not.toHaveBeenCalled()
    expect(screen.getByText('Сохранено, отправляется в Омнидеск')).toBeTruthy()
    await fireEvent.keyDown(window, { code: 'Enter', ctrlKey: true })
    await settle()
    expect(backend.createCase).toHaveBeenCalledOnce()
  })

  test('s14 the user that a call makes can be completed', async () => {
    const backend = await compose('ws-edit-user-new')
    await fireEvent.click(screen.getByRole('link', { name: 'отредактировать созданного пользователя' }))
    await settle()
    expect(backend.userForm).toHaveBeenCalledExactlyOnceWith(null, 'call-1')
    expect(dialog().textContent).toContain('Создаётся по номеру +7 (812) 555-01-77')
    await type('Полное имя', 'Анна Белова')
    await save()
    expect(backend.editUser).toHaveBeenCalledExactlyOnceWith(null, 'call-1', { ...NOTHING, name: 'Анна Белова' })
  })

  test('nobody is made from a hidden number, so there is nothing to edit', async () => {
    await compose('ws-compose-withheld')
    expect(screen.queryByRole('link', { name: /отредактировать/ })).toBeNull()
  })

  test('a blocked user is warned of on both pages', async () => {
    const words = 'Заблокирован в Омнидеске. Новые обращения от него могут попасть в спам.'
    await stage('ws-edit-user-blocked')
    const page = render(Profile, { user: '501', call: 'call-1' })
    await settle()
    expect(page.container.textContent).toContain(words)
    page.unmount()
    await compose('ws-edit-user-blocked')
    expect(document.body.textContent).toContain(words)
  })
})

describe('what became of it', () => {
  const row = (part: Partial<OutboxRow>): OutboxRow => ({
    id: '1', call: 'call-1', what: 'edit', state: 'queued', attempts: 1, retryAt: null, trouble: null, code: null, recording: null, canGiveUp: false, createdAt: Date.now() + 1000, ...part,
  })
  async function saved(outbox: OutboxRow[], omnidesk?: Partial<typeof desk.view.omnidesk>) {
    await profile()
    await type('Должность', 'Бухгалтер')
    await save()
    desk.apply({ ...desk.view, revision: desk.view.revision + 1, outbox, omnidesk: { ...desk.view.omnidesk, ...omnidesk } })
    await settle()
  }

  test('in Omnidesk', async () => {
    await saved([row({ state: 'done' })])
    expect(screen.getByText('Сохранено в Омнидеске')).toBeTruthy()
  })

  test('an older edit says nothing about this one', async () => {
    await saved([row({ state: 'done', createdAt: 1 })])
    expect(screen.getByText('Сохранено, отправляется в Омнидеск')).toBeTruthy()
  })

  test('refused, with the way to the reason', async () => {
    await saved([row({ state: 'wedged' })])
    expect(screen.getByRole('alert').textContent).toContain('Омнидеск не принял изменения.')
    await fireEvent.click(screen.getByRole('link', { name: 'Посмотреть, почему' }))
    expect(router.current).toEqual({ page: 'outbox' })
  })

  test('waiting for the connection', async () => {
    await saved([row({})], { state: 'down' })
    expect(screen.getByText('Сохранено на этом компьютере, уйдёт в Омнидеск, когда связь вернётся')).toBeTruthy()
  })
})

test('d2 each number of the profile can be dialled; why not is said once', async () => {
  const base = scene('ws-profile-idle')
  const backend = await stage({ ...base, overrides: { dial: async () => ({ status: 'error', error: { trouble: 'phoneOffline', about: null } }) } })
  render(Profile, { user: '501', call: null })
  await settle()
  await fireEvent.click(screen.getByRole('button', { name: 'Позвонить на +7 (812) 555-01-90' }))
  await settle()
  expect(backend.dial).toHaveBeenCalledExactlyOnceWith('+7 (812) 555-01-90', null, null)
  expect(screen.getAllByRole('alert').map((line) => line.textContent)).toEqual(['Софтфон не подключён к АТС. Запустите его и наберите ещё раз'])
})
