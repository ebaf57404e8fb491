import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, test } from 'vitest'
import type { CallView, OutcomeView, SettingsView, TroubleView } from '$lib/backend'
import { setLanguage } from '$lib/i18n.svelte'
import { VENDORS } from '$lib/backend/fake/vendors'
import { failedText, hostOf, linkTrouble, OMNIDESK_STEPS, passedText, subjectOf, waitingText, type Side } from '$lib/link-trouble'
import { call, outcome } from '$lib/backend/fake/scene'
import { attemptText, canUndo, outcomeText, ruleText } from '$lib/outcome'
import { helpOf, labelOf, vendorName, vendorText } from '../src/pages/settings/vendor'

afterEach(() => setLanguage('ru'))

const SUBJECT = { host: 'pbx.example', extension: '204', context: 'from-internal', email: 'a@company.example' }

/** The reasons of the decision table, from its source: the window must not lag behind it. */
function reasons(): string[] {
  const source = readFileSync('../src-tauri/crates/calls/src/outcome/act.rs', 'utf8')
  const body = /pub enum Reason \{([^}]*)\}/.exec(source)?.[1] ?? ''
  return [...body.matchAll(/^\s*([A-Z]\w*),/gm)].map((match) => match[1]!.charAt(0).toLowerCase() + match[1]!.slice(1))
}

describe('reasons', () => {
  test.each(['ru', 'en'])('every reason of the decision table has words in %s', (language) => {
    setLanguage(language)
    expect(reasons().length).toBeGreaterThan(10)
    expect(reasons().filter((reason) => outcomeText(outcome({ rule: 'S30', status: 'waiting', reason })) === null)).toEqual([])
  })

  test.each(['calledFromCase', 'attemptUntouched', 'notPlaced'])('%s has words with a status and without one', (reason) => {
    for (const language of ['ru', 'en']) {
      setLanguage(language)
      const [withStatus, without] = [outcomeText(outcome({ rule: 'S33c', status: 'waiting', reason })), outcomeText(outcome({ rule: 'S18', status: null, reason }))]
      expect(withStatus).toContain(language === 'ru' ? 'Статус «в ожидании»' : 'Status set to waiting')
      expect(without).not.toBeNull()
      expect(without).not.toContain(language === 'ru' ? 'в ожидании' : 'waiting')
    }
  })

  test('a status that did not change is not made up', () => {
    expect(outcomeText(outcome({ rule: 'S25', status: null, reason: 'missed' }))).toBe('Статус не менялся, потому что на звонок никто не ответил')
    expect(outcomeText(outcome({ rule: 'S22', status: 'open', reason: 'attemptNoted' }))).toBe('Статус «открытое». Клиент не ответил, попытка записана в обращение')
  })

  test('what was undone says the status that is left', () => {
    const undone = (part: Partial<OutcomeView>) => outcomeText(outcome({ rule: 'S34', status: 'closed', reason: 'calledUntouched', undone: true, ...part }))
    expect(undone({ undo: 'open' })).toBe('Статус возвращён: «открытое»')
    expect(undone({ status: null })).toBe('Это решение отменено')
    expect(canUndo(outcome({ rule: 'S34', status: 'closed', reason: 'calledUntouched', undo: 'open', undone: true }))).toBe(false)
  })

  test('s30 what a colleague decided meanwhile is not said to be undone', () => {
    const overruled = outcome({ rule: 'S30', status: null, reason: 'answeredAndCreated', overruled: true })
    expect(outcomeText(overruled)).toBe('Коллега уже решил иначе: его статус остаётся')
    expect(canUndo({ ...overruled, undo: 'open' })).toBe(false)
    expect(canUndo(outcome({ rule: 'S34', status: 'closed', reason: 'calledUntouched' }))).toBe(false)
  })

  test('the rule is named where one decided', () => {
    expect(ruleText(outcome({ rule: 'S30', status: null, reason: 'missed' }))).toBe('правило S30')
    expect(ruleText(outcome({ rule: '', status: null, reason: 'missed' }))).toBeNull()
  })

  test('s22 an attempt says how it came to nothing, any other call is none', () => {
    const attempt = (part: Partial<CallView>) => attemptText(call({ direction: 'outbound', phase: 'ended', disposition: 'noAnswer', ...part }))
    expect(attempt({})).toBe('Попытка звонка: клиент не ответил')
    expect(attempt({ disposition: 'busy' })).toBe('Попытка звонка: занято')
    expect(attempt({ disposition: 'declined' })).toBe('Попытка звонка: отклонён')
    expect(attempt({ disposition: 'failed' })).toBe('Попытка звонка: не удалось соединить')
    expect(attempt({ outcome: outcome({ rule: 'S18', status: null, reason: 'agentDidNotPickUp' }) })).toBe('Вы не сняли трубку, клиенту не звонили')
    expect(attempt({ trouble: 'forbidden' })).toBe('АТС не начала звонок')
    expect([attempt({ answeredAt: 5 }), attempt({ direction: 'inbound' }), attempt({ phase: 'dialing' })]).toEqual([null, null, null])
  })

  test('a reason of a later version says nothing rather than something wrong', () => {
    expect(outcomeText(outcome({ rule: 'S99', status: 'closed', reason: 'somethingNew' }))).toBeNull()
  })
})

describe('connection tests', () => {
  const troubles = ['unreachable', 'badCredentials', 'forbidden', 'wrongService', 'tls', 'unknownHost', 'timeout'] as const satisfies TroubleView[]

  const sides: [Side, string, string[]][] = [['omnidesk', '', OMNIDESK_STEPS], ...VENDORS.map(({ name, steps }): [Side, string, string[]] => ['pbx', name, steps])]

  test.each(sides)('every step of %s %s has words before and after', (side, vendor, steps) => {
    for (const step of steps) {
      expect(waitingText(side, step, { ...SUBJECT, vendor })).not.toContain(step)
      expect(passedText(side, step, { ...SUBJECT, vendor })).not.toContain(step)
    }
  })

  test('every kind of PBX and each of its fields has words, and an unknown one is shown by its key', () => {
    for (const vendor of VENDORS) {
      expect(vendorName(vendor)).not.toBe(vendor.name)
      expect(vendorText(vendor)).not.toBe('')
      for (const field of vendor.fields) {
        expect(labelOf(field)).not.toBe(field.key)
        if (field.help !== null) expect(helpOf(field)).not.toBeUndefined()
      }
    }
    const later = { key: 'trunk', kind: 'text', label: 'quantum', help: 'quantum', default: '', needed: true } as const
    expect([labelOf(later), helpOf(later), vendorName({ name: 'later' })]).toEqual(['trunk', undefined, 'later'])
  })

  test('a feed is not said to want a user of ARI', () => {
    const subject = { ...SUBJECT, vendor: 'feed' }
    for (const trouble of ['badCredentials', 'forbidden', 'wrongService', 'noSuchExtension'] as const) {
      const { title, advice } = linkTrouble('pbx', trouble, subject)
      expect(`${title} ${advice}`).not.toMatch(/ARI|PJSIP|[Лл]огин/)
      expect(linkTrouble('omnidesk', trouble, subject)).toEqual(linkTrouble('omnidesk', trouble, SUBJECT))
    }
  })

  test('the causes of reference 2.8 are told apart', () => {
    for (const side of ['pbx', 'omnidesk'] as const) {
      const titles = troubles.map((trouble) => linkTrouble(side, trouble, SUBJECT).title)
      expect(new Set(titles).size).toBe(titles.length)
    }
  })

  test('the step says more exactly what is missing in Omnidesk', () => {
    const of = (step: string, trouble: TroubleView) => failedText('omnidesk', { step, outcome: 'failed', ms: null, trouble, details: null, address: null }, SUBJECT).title
    expect(of('staff', 'gone')).toBe('Сотрудника a@company.example в Омнидеске нет')
    expect(of('staff', 'refused')).toBe('Сотрудник a@company.example в Омнидеске отключён')
    expect(of('channel', 'gone')).toBe('В Омнидеске нет канала из настроек')
    expect(of('reach', 'gone')).toBe('По адресу pbx.example нет Омнидеска')
  })

  test('a step and a cause that this version does not know are still shown', () => {
    const line = { step: 'quantum', outcome: 'failed', ms: null, trouble: null, details: null, address: null } as const
    expect(failedText('pbx', line, SUBJECT).title).toBe('Шаг «quantum»')
  })

  test('the host is read from an address, and text that is none stays', () => {
    expect(hostOf('https://pbx.example:8089/ari')).toBe('pbx.example')
    expect(hostOf('pbx example')).toBe('pbx example')
    expect(subjectOf('omnidesk', { omnideskUrl: 'https://company.omnidesk.ru', extension: '1', email: 'e' } as SettingsView).host).toBe('company.omnidesk.ru')
  })
})
