import { fireEvent, render, screen, within } from '@testing-library/svelte'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { DataField } from '$lib/backend'
import { setLanguage } from '$lib/i18n.svelte'
import Fields from '../src/pages/Fields.svelte'
import { headLength, moved, without } from '../src/pages/fields/rules'
import { scene, stage, type Spied } from './stage'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

async function open(from: Parameters<typeof stage>[0] = 'ws-fields'): Promise<Spied> {
  const backend = await stage(from)
  render(Fields)
  await vi.waitFor(() => expect(screen.queryByText('Загружаем')).toBeNull())
  return backend
}

const settle = () => new Promise((done) => setTimeout(done, 0))
const rows = () => screen.getAllByRole('row').slice(1)
const titles = () => rows().map((row) => row.querySelector('.name span')?.textContent ?? '')
const card = () => screen.getByRole('region', { name: 'Предпросмотр карточки' })
const shownInCard = (where: HTMLElement = card()) => [...where.querySelectorAll('dt')].map((term) => term.textContent)
const saved = (backend: Spied) => backend.saveFields.mock.lastCall?.[0] ?? []

const fieldsOf = (name: string) => scene(name).fields ?? []

describe('the list', () => {
  test('s02 shows each field with format and tick, the green button stands at the top', async () => {
    await open()
    expect(titles().slice(0, 4)).toEqual(['Полное имя', 'Email-адрес', 'Компания', 'Тариф'])
    expect(screen.getAllByRole('row').map((row) => row.children[2]?.textContent?.trim())).toEqual([
      'Формат', 'Основное поле', 'Основное поле', 'Основное поле', 'Список', 'Текстовое поле', 'Дата', 'Чекбокс', 'Текстовая область', 'Список',
      'Основное поле', 'Основное поле', ...Array<string>(5).fill('Считает Ringside'),
    ])
    expect(screen.getByRole<HTMLInputElement>('checkbox', { name: 'Входящий звонок: Тариф' }).checked).toBe(true)
    expect(screen.getByRole<HTMLInputElement>('checkbox', { name: 'Входящий звонок: Договор до' }).checked).toBe(false)
    expect(screen.getByRole('button', { name: 'Добавить поле' }).classList.contains('positive')).toBe(true)
  })

  test('s02 a tick is saved at once and puts the field into the preview', async () => {
    const backend = await open()
    expect(shownInCard()).toEqual(['Email-адрес', 'Компания', 'Тариф', 'Номер договора'])
    await fireEvent.click(screen.getByRole('checkbox', { name: 'Входящий звонок: Договор до' }))
    await settle()
    expect(shownInCard()).toEqual(['Email-адрес', 'Компания', 'Тариф', 'Номер договора', 'Договор до'])
    expect(saved(backend).find((field) => field.id === 'cf_27')?.incoming).toBe(true)
    expect(screen.getByText(/^Сохранено в \d\d:\d\d$/)).toBeTruthy()
  })

  test('s02 fields that the office sets are read and not changed: nothing to tick, move, remove or take in', async () => {
    await open('ws-fields-locked')
    expect(titles()).toContain('Тариф')
    expect(screen.getAllByRole<HTMLInputElement>('checkbox').every((tick) => tick.disabled)).toBe(true)
    expect(within(screen.getByRole('table')).queryAllByRole('button')).toEqual([])
    expect(screen.queryByText(/Перетащите строку/)).toBeNull()
    expect(screen.queryByRole('button', { name: 'Добавить поле' })).toBeNull()
    expect(screen.getByRole('button', { name: 'Сохранить в файл' })).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Загрузить из файла' })).toBeNull()
  })

  test('s02 every format has a value in the preview', async () => {
    const base = scene('ws-fields')
    await open({ ...base, fields: fieldsOf('ws-fields').map((field) => ({ ...field, incoming: true })) })
    expect([...card().querySelectorAll('dd')].map((value) => value.textContent?.trim())).toEqual([
      'ira@romashka.example', 'ООО «Ромашка»', 'Базовый', 'Пример текста', '31 марта 2027', 'Да',
      'Пример текста, который занимает несколько строк: въезд со двора, пропуск на охране', 'Северо-Западный', 'Офис-менеджер', 'Просит звонить после десяти утра', 'Поддержка', expect.stringMatching(/^В ожидании · .+ · Вопрос по счёту$/), '1', '4', '3 дня назад',
    ])
  })

  test('the name cannot be unticked', async () => {
    await open()
    expect(screen.getByRole<HTMLInputElement>('checkbox', { name: 'Входящий звонок: Полное имя' }).disabled).toBe(true)
  })

  test('what cannot be kept goes back, and why is said', async () => {
    await open('ws-fields-not-saved')
    const box = screen.getByRole<HTMLInputElement>('checkbox', { name: 'Входящий звонок: Договор до' })
    await fireEvent.click(box)
    await settle()
    expect(box.checked).toBe(false)
    expect(screen.getByRole('alert').textContent).toContain('Не сохранено: Диск этого компьютера не записывает данные')
    expect(screen.queryByText(/^Сохранено в/)).toBeNull()
  })

  test('quick changes are saved one after the other, the last one wins', async () => {
    const answers: (() => void)[] = []
    const base = scene('ws-fields')
    const backend = await open({
      ...base,
      overrides: {
        saveFields: (fields) =>
          new Promise((done) => answers.push(() => done({ status: 'ok', data: { fields, fresh: true, locked: false, omnideskUrl: null } }))),
      },
    })
    await fireEvent.click(screen.getByRole('checkbox', { name: 'Входящий звонок: Договор до' }))
    await fireEvent.click(screen.getByRole('checkbox', { name: 'Входящий звонок: Регион доставки' }))
    expect(backend.saveFields).toHaveBeenCalledTimes(1)
    answers[0]?.()
    await settle()
    expect(backend.saveFields).toHaveBeenCalledTimes(2)
    expect(screen.getByRole<HTMLInputElement>('checkbox', { name: 'Входящий звонок: Регион доставки' }).checked).toBe(true)
    answers[1]?.()
    await settle()
    expect(saved(backend).filter((field) => field.incoming).map((field) => field.id)).toEqual(['name', 'email', 'company', 'cf_25', 'cf_26', 'cf_27', 'cf_40'])
  })
})

describe('order', () => {
  test('s02 arrows on the grip move the field, keep the focus and say its place', async () => {
    const backend = await open()
    const grip = screen.getByRole('button', { name: 'Переместить поле «Номер договора»' })
    grip.focus()
    await fireEvent.keyDown(grip, { code: 'ArrowUp' })
    await settle()
    expect(titles().slice(3, 5)).toEqual(['Номер договора', 'Тариф'])
    expect(saved(backend).map((field) => field.id).slice(3, 5)).toEqual(['cf_26', 'cf_25'])
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Переместить поле «Номер договора»' }))
    expect(screen.getByText('Номер договора: место 4 из 16')).toBeTruthy()
    await fireEvent.keyDown(grip, { code: 'ArrowUp' })
    expect(titles().slice(2, 4)).toEqual(['Компания', 'Номер договора'])
  })

  test('the small buttons do the same, and rest at the ends', async () => {
    await open()
    await fireEvent.click(screen.getByRole('button', { name: 'Опустить поле «Тариф»' }))
    await settle()
    expect(titles().slice(3, 5)).toEqual(['Номер договора', 'Тариф'])
    expect(screen.getByRole('button', { name: 'Поднять поле «Номер договора»' }).hasAttribute('disabled')).toBe(true)
    expect(screen.getByRole('button', { name: 'Опустить поле «Последний контакт»' }).hasAttribute('disabled')).toBe(true)
  })

  test('a dragged row takes its place when it is let go; Esc leaves all as it was', async () => {
    const backend = await open()
    const height = 46
    vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockImplementation(function (this: HTMLElement) {
      return { top: rows().indexOf(this) * height, height } as DOMRect
    })
    const drag = async (from: number, to: number) => {
      const row = rows()[from] as HTMLElement
      await fireEvent.pointerDown(row, { button: 0, isPrimary: true, clientY: from * height + 20 })
      await fireEvent.pointerMove(window, { clientY: to * height + 30 })
    }
    await drag(5, 3)
    await fireEvent.keyDown(window, { code: 'Escape' })
    await fireEvent.pointerUp(window)
    expect(titles()[5]).toBe('Договор до')
    expect(backend.saveFields).not.toHaveBeenCalled()
    await drag(5, 2)
    await fireEvent.pointerUp(window)
    await settle()
    expect(titles().slice(2, 5)).toEqual(['Компания', 'Договор до', 'Тариф'])
    expect(backend.saveFields).toHaveBeenCalledOnce()
  })

  test('the head keeps its place whatever is asked', () => {
    const fields = fieldsOf('ws-fields')
    expect(headLength(fields)).toBe(3)
    expect(moved(fields, 'email', 5)).toBe(fields)
    expect(moved(fields, 'cf_25', 0)).toBe(fields)
    expect(moved(fields, 'cf_40', -7)[3]?.id).toBe('cf_40')
    expect(moved(fields, 'cf_25', 99).at(-1)?.id).toBe('cf_25')
    expect(moved(fields, 'nobody', 4)).toBe(fields)
  })
})

describe('conditions, colours and headings', () => {
  const edit = async (title: string) => {
    await fireEvent.click(screen.getByRole('button', { name: `Настроить поле «${title}»` }))
    return screen.getByRole('dialog')
  }

  test('s02 a field may be shown empty, for some lines alone, and its values have colours; the picture follows', async () => {
    const backend = await open()
    const dialog = await edit('Регион доставки')
    const inDialog = within(dialog)
    await fireEvent.click(inDialog.getByRole('checkbox', { name: 'Показывать, только если заполнено' }))
    await fireEvent.input(inDialog.getByRole('textbox', { name: 'Только для звонков на линии' }), { target: { value: ' Продажи \n\nПоддержка' } })
    await fireEvent.change(inDialog.getByRole('combobox', { name: 'Цвет значения «Северо-Западный»' }), { target: { value: 'red' } })
    expect(inDialog.getByRole('img').querySelector('[data-color=red]')?.textContent).toBe('Северо-Западный')
    await fireEvent.click(inDialog.getByRole('button', { name: /^Сохранить/ }))
    await settle()
    const field = saved(backend).find(({ id }) => id === 'cf_40')
    expect(field).toMatchObject({ always: true, lines: ['Продажи', 'Поддержка'], incoming: false })
    expect(field?.options.map(({ color }) => color)).toEqual(['red', null])
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(screen.getByText('только линии: Продажи, Поддержка · и пустым, с прочерком')).toBeTruthy()
  })

  test.each([
    ['Продажи\nпродажи', 'Одна из линий повторяется'],
    ['я'.repeat(101), 'Слишком длинно: не больше 100 знаков'],
    [Array.from({ length: 21 }, (_, place) => `Линия ${place}`).join('\n'), 'Слишком много линий: не больше 20'],
  ])('lines that cannot be are said and nothing is saved', async (text, complaint) => {
    const backend = await open()
    const inDialog = within(await edit('Тариф'))
    await fireEvent.input(inDialog.getByRole('textbox', { name: 'Только для звонков на линии' }), { target: { value: text } })
    await fireEvent.click(inDialog.getByRole('button', { name: /^Сохранить/ }))
    expect(inDialog.getByText(complaint)).toBeTruthy()
    expect(document.activeElement).toBe(inDialog.getByRole('textbox', { name: 'Только для звонков на линии' }))
    expect(backend.saveFields).not.toHaveBeenCalled()
  })

  test('s02 a heading is made, moved by keys like a field, renamed and removed', async () => {
    const backend = await open()
    await fireEvent.click(screen.getByRole('button', { name: 'Добавить раздел' }))
    const dialog = within(screen.getByRole('dialog'))
    await fireEvent.click(dialog.getByRole('button', { name: /^Создать раздел/ }))
    expect(dialog.getByText('Напишите название')).toBeTruthy()
    await fireEvent.input(dialog.getByRole('textbox'), { target: { value: 'Договор' } })
    await fireEvent.click(dialog.getByRole('button', { name: /^Создать раздел/ }))
    await settle()
    expect(titles().slice(2, 5)).toEqual(['Компания', 'Договор', 'Тариф'])
    expect(card().querySelector('h3')?.textContent).toBe('Договор')
    const grip = screen.getByRole('button', { name: 'Переместить поле «Договор»' })
    await fireEvent.keyDown(grip, { code: 'ArrowDown' })
    await settle()
    expect(saved(backend).map(({ id }) => id).slice(3, 5)).toEqual(['cf_25', 'section_1'])
    expect([...card().querySelectorAll('h3, dt')].map((part) => part.textContent)).toEqual(['Email-адрес', 'Компания', 'Тариф', 'Договор', 'Номер договора'])
    await fireEvent.click(screen.getByRole('button', { name: 'Переименовать раздел «Договор»' }))
    await fireEvent.input(screen.getByRole('textbox'), { target: { value: 'Бумаги' } })
    await fireEvent.click(screen.getByRole('button', { name: /^Сохранить\s*Ctrl/ }))
    await settle()
    expect(titles()[4]).toBe('Бумаги')
    await fireEvent.click(screen.getByRole('button', { name: 'Убрать поле «Бумаги»' }))
    await settle()
    expect(saved(backend).some(({ state }) => state === 'section')).toBe(false)
  })

  test('a field that has another format in Omnidesk is said, is not in the popup, and can be taken as it is', async () => {
    const backend = await open('ws-fields-changed')
    expect(shownInCard()).not.toContain('Категория')
    expect(screen.getByText(/было «Список», стало «Текстовое поле»/)).toBeTruthy()
    await fireEvent.click(screen.getByRole('button', { name: 'Показывать как есть' }))
    await settle()
    expect(saved(backend).find(({ id }) => id === 'cf_13')).toMatchObject({ format: 'text', state: 'bound', became: null })
    expect(shownInCard()).toContain('Категория')
    expect(screen.queryByText(/стало «Текстовое поле»/)).toBeNull()
  })
})

describe('what Omnidesk has and has not', () => {
  test('s02 awaited fields tell what to do, open Omnidesk and look again', async () => {
    const backend = await open('ws-fields-awaited')
    const steps = screen.getByRole('group', { name: '2 поля осталось создать в Омнидеске' })
    expect(steps.textContent).toContain('тип «Список», название «Менеджер клиента», значения: Анна Литвинова, Игорь Самсонов')
    await fireEvent.click(within(steps).getByRole('button', { name: 'Открыть в Омнидеске' }))
    expect(backend.openInOmnidesk).toHaveBeenCalledExactlyOnceWith({ page: 'fields' })
    await fireEvent.click(within(steps).getByRole('button', { name: 'Проверить сейчас' }))
    expect(backend.dataFields).toHaveBeenCalledTimes(2)
    expect(shownInCard()).not.toContain('Менеджер клиента')
  })

  test('s02 once Omnidesk has the field, nothing is left to do', async () => {
    const base = scene('ws-fields-awaited')
    const bind = (field: DataField): DataField => (field.state === 'awaited' ? { ...field, id: 'cf_51', state: 'bound' } : field)
    const fields = (base.fields ?? []).filter((field) => field.id !== 'new_2')
    let turn = 0
    await open({
      ...base,
      overrides: { dataFields: async () => ({ status: 'ok', data: { fields: turn++ === 0 ? fields : fields.map(bind), fresh: true, locked: false, omnideskUrl: null } }) },
    })
    expect(screen.queryByRole('button', { name: 'Открыть в Омнидеске' })).toBeNull()
    await fireEvent.click(screen.getByRole('button', { name: 'Проверить сейчас' }))
    await settle()
    expect(screen.queryByText(/осталось создать/)).toBeNull()
    expect(shownInCard()).toContain('Менеджер клиента')
  })

  test('an awaited field can be removed, a bound one only unticked', async () => {
    const backend = await open('ws-fields-awaited')
    expect(screen.queryByRole('button', { name: 'Убрать поле «Тариф»' })).toBeNull()
    await fireEvent.click(screen.getByRole('button', { name: 'Убрать поле «Есть пропуск»' }))
    await settle()
    expect(saved(backend).map((field) => field.id)).not.toContain('new_2')
    const fields = fieldsOf('ws-fields')
    expect(without(fields, 'cf_25')).toEqual(fields)
  })

  test('a field that Omnidesk has no more is said and can be removed', async () => {
    const backend = await open('ws-fields-missing')
    expect(screen.getByText('Поля «Старый номер клиента» больше нет в Омнидеске, в карточке его не будет.')).toBeTruthy()
    expect(screen.getByText('Нет в Омнидеске')).toBeTruthy()
    expect(shownInCard()).not.toContain('Старый номер клиента')
    await fireEvent.click(screen.getByRole('button', { name: 'Убрать из списка' }))
    await settle()
    expect(saved(backend).map((field) => field.id)).not.toContain('cf_12')
    expect(screen.queryByText('Нет в Омнидеске')).toBeNull()
  })

  test('without own fields the page says so', async () => {
    await open('ws-fields-empty')
    expect(screen.getByText('Своих полей у пользователей в Омнидеске пока нет.')).toBeTruthy()
  })

  test('while Omnidesk is away the fields known from before are there, and can be changed', async () => {
    const backend = await open('ws-fields-stale')
    expect(screen.getByText(/Омнидеск не отвечает, здесь поля, известные раньше/)).toBeTruthy()
    await fireEvent.click(screen.getByRole('checkbox', { name: 'Входящий звонок: Договор до' }))
    expect(backend.saveFields).toHaveBeenCalledOnce()
  })

  test('fields that could not be read can be asked for again', async () => {
    const backend = await open('ws-fields-error')
    expect(screen.getByRole('alert').textContent).toContain('Поля данных не открылись')
    await fireEvent.click(screen.getByRole('button', { name: 'Повторить' }))
    expect(backend.dataFields).toHaveBeenCalledTimes(2)
  })
})

describe('preview and test call', () => {
  const look = (state: string) => fireEvent.change(screen.getByRole('combobox', { name: 'Что показать' }), { target: { value: state } })

  test('s02 the popup in each of its states, by its own parts', async () => {
    await open('ws-fields-arranged')
    for (const [state, words] of [
      ['unknown', /Входящий звонок.*\+7 \(900\) 555-01-00.*Звонков раньше/],
      ['withheld', /Номер скрыт/],
      ['several', /Ирина Примерова.*Олег Примеров/],
      ['ended', /Звонок завершён.*Ирина Примерова.*Готово/],
      ['ringing', /Ирина Примерова.*Звонков раньше\s*4/],
    ] as const) {
      await look(state)
      expect(card().textContent?.replaceAll(/\s+/g, ' ')).toMatch(words)
    }
  })

  test('s02 the picture hears no keys: a digit chooses nobody, a letter is not typed into it, Enter ends nothing', async () => {
    const backend = await open()
    await look('several')
    await fireEvent.keyDown(window, { code: 'Digit1', key: '1' })
    expect(backend.chooseUser).not.toHaveBeenCalled()
    await look('ended')
    const before = document.activeElement
    await fireEvent.keyDown(window, { code: 'KeyA', key: 'a' })
    await fireEvent.keyDown(window, { code: 'Enter', key: 'Enter' })
    await settle()
    expect(document.activeElement).toBe(before)
    expect(backend.doneWithCall).not.toHaveBeenCalled()
  })

  test('s02 a field for one line is in the picture of a call to that line', async () => {
    await open('ws-fields-arranged')
    expect(shownInCard()).toContain('Регион доставки')
    await fireEvent.click(screen.getByRole('button', { name: 'Настроить поле «Тариф»' }))
    const dialog = within(screen.getByRole('dialog'))
    await fireEvent.input(dialog.getByRole('textbox', { name: 'Только для звонков на линии' }), { target: { value: 'Продажи' } })
    await fireEvent.click(dialog.getByRole('button', { name: /^Сохранить/ }))
    await settle()
    expect(shownInCard()).not.toContain('Тариф')
    await fireEvent.change(screen.getByRole('combobox', { name: 'Звонок на линию' }), { target: { value: 'Продажи' } })
    expect(shownInCard()).toContain('Тариф')
    expect(shownInCard()).not.toContain('Регион доставки')
  })

  test('s02 ringing and talking, by the popup’s own words, out of reach of the keyboard', async () => {
    await open()
    expect(card().textContent).toMatch(/Входящий звонок\s*0:07/)
    expect(card().textContent).toContain('Ирина Примерова')
    await look('talking')
    expect(card().textContent).toMatch(/Звонок в процессе\s*02:14/)
    expect(card().textContent).toContain('Создать новое обращение по звонку')
    const picture = within(card()).getByRole('img', { name: 'Карточка с выдуманным звонком. Видны поля: Полное имя, Email-адрес, Компания, Тариф, Номер договора' })
    expect(picture.querySelector('[inert]')?.getAttribute('aria-hidden')).toBe('true')
  })

  test('s02 «Показать пробный звонок» shows the real popup', async () => {
    const backend = await open()
    await fireEvent.click(screen.getByRole('button', { name: 'Показать пробный звонок' }))
    expect(backend.showTestCall).toHaveBeenCalledOnce()
    expect(screen.queryByRole('alert')).toBeNull()
  })

  test('a test call that does not appear is said', async () => {
    const base = scene('ws-fields')
    await open({ ...base, overrides: { showTestCall: async () => ({ status: 'error', error: { trouble: 'other', about: null } }) } })
    await fireEvent.click(screen.getByRole('button', { name: 'Показать пробный звонок' }))
    await settle()
    expect(screen.getByRole('alert').textContent).toBe('Показать карточку не удалось. Попробуйте ещё раз')
  })
})

describe('as a file', () => {
  const file = (text: string, name = 'ringside-fields.json') => new File([text], name, { type: 'application/json' })
  async function choose(chosen: File) {
    const picker = screen.getByLabelText<HTMLInputElement>('Загрузить из файла', { selector: 'input' })
    Object.defineProperty(picker, 'files', { value: [chosen], configurable: true })
    await fireEvent.change(picker)
    await settle()
  }

  test('s02 export hands the setting over as a download', async () => {
    const backend = await open()
    const made = vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:ringside')
    const clicked = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      expect([this.href, this.download]).toEqual(['blob:ringside', 'ringside-fields.json'])
    })
    await fireEvent.click(screen.getByRole('button', { name: 'Сохранить в файл' }))
    await settle()
    expect(backend.exportFields).toHaveBeenCalledOnce()
    expect(clicked).toHaveBeenCalledOnce()
    expect(await (made.mock.calls[0]?.[0] as Blob).text()).toContain('cf_25')
    expect(screen.getByText('Настройка сохранена в файл ringside-fields.json')).toBeTruthy()
  })

  test('s02 import takes the setting of another desk, and it can be taken back', async () => {
    const backend = await open()
    const other = fieldsOf('ws-fields').map((field) => ({ ...field, incoming: field.id === 'cf_27' }))
    await choose(file(JSON.stringify(other)))
    expect(backend.importFields).toHaveBeenCalledOnce()
    expect(shownInCard()).toEqual(['Договор до'])
    await fireEvent.click(screen.getByRole('link', { name: 'Вернуть как было' }))
    await settle()
    expect(shownInCard()).toEqual(['Email-адрес', 'Компания', 'Тариф', 'Номер договора'])
    expect(saved(backend)).toEqual(fieldsOf('ws-fields'))
  })

  test('a file that is not ours is refused in words and changes nothing', async () => {
    await open('ws-fields-bad-file')
    const before = titles()
    await choose(file('{"cat": true}', 'cat.json'))
    expect(screen.getByRole('alert').textContent).toBe('Это не файл с полями данных Ringside, или он повреждён. Поля остались прежними.')
    expect(titles()).toEqual(before)
  })

  test('a film chosen by mistake is not even read', async () => {
    const backend = await open()
    await choose(file('x'.repeat(1024 * 1024 + 1), 'film.json'))
    expect(backend.importFields).not.toHaveBeenCalled()
    expect(screen.getByRole('alert').textContent).toContain('Это не файл с полями данных Ringside')
  })
})

test('in English the built-in fields and formats have English names', async () => {
  const backend = await stage('ws-fields')
  setLanguage('en')
  render(Fields)
  await vi.waitFor(() => expect(backend.dataFields).toHaveBeenCalled())
  await settle()
  expect(titles().slice(0, 3)).toEqual(['Full name', 'Email address', 'Company'])
  expect(screen.getByRole('button', { name: 'Add field' })).toBeTruthy()
})
