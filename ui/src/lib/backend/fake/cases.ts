/** The case pages of the mock-ups. */
import type { CasePageView, MessageView } from '../types'
import { KATYA, LAST_CASE } from './people'
import { ago, caseRow, on, user } from './scene'

export const GIST =
  'Банк возвращает платёж: в счёте старый КПП. Нужен новый счёт с КПП 780201001 до конца дня, копию на общий ящик бухгалтерии.'

export function message(part: Partial<MessageView> & Pick<MessageView, 'id' | 'text'>): MessageView {
  return { author: 'staff', authorName: 'Анна Литвинова', at: ago(300), note: false, attachments: [], call: null, ...part }
}

const NEW_CASE = caseRow({
  number: '482-113907',
  subject: 'Не проходит оплата по счёту 1187',
  status: 'open',
  updatedAt: ago(220),
})

const url = 'https://severtech.omnidesk.example/staff/cases/482-113907'

/** While the conversation goes on. */
export const LIVE_PAGE: CasePageView = {
  case: NEW_CASE,
  user: KATYA,
  group: 'Расчёты и документы',
  labels: ['звонок', 'оплата'],
  messages: [message({ id: 'm1', text: `${GIST}\n\nВходящий звонок с +7 (921) 555-01-34, 22.11.2026 14:25`, call: 'call-1', at: ago(200) })],
  url,
}

/** After it. */
export const DONE_PAGE: CasePageView = {
  ...LIVE_PAGE,
  case: { ...NEW_CASE, status: 'waiting' },
  messages: [
    message({
      id: 'm1',
      text: `${GIST}\n\nВходящий звонок с +7 (921) 555-01-34, разговор 04:12`,
      call: 'call-1',
      at: ago(280),
      attachments: [{ id: 'f1', name: 'zvonok-20261122-1428.wav', size: 1_950_000, audio: true }],
    }),
    message({
      id: 'm2',
      authorName: 'Игорь Самсонов',
      text: 'Новый счёт 1187-1 отправлен, клиент подтвердил получение.',
      at: ago(60),
      attachments: [{ id: 'f2', name: 'schet-1187-1.pdf', size: 84_000, audio: false }],
    }),
  ],
}

/** An earlier case that the call can be attached to. */
export const EARLIER_PAGE: CasePageView = {
  case: LAST_CASE,
  user: KATYA,
  group: 'Расчёты и документы',
  labels: ['звонок', 'акты'],
  messages: [
    message({
      id: 'm1',
      author: 'user',
      authorName: KATYA.name,
      text: 'Добрый день! Акты за октябрь так и не пришли ни по почте, ни в личный кабинет.',
      at: on(10, 11, 16, 40),
    }),
    message({
      id: 'm2',
      text: 'Не получены акты за октябрь по двум договорам. Бухгалтерия обещала выслать до пятницы.',
      at: on(12, 11, 11, 4),
      attachments: [{ id: 'f1', name: 'zvonok-20261112-1104.wav', size: 2_900_000, audio: true }],
    }),
    message({ id: 'm3', text: 'Проверить у бухгалтерии в четверг.', note: true, at: on(12, 11, 11, 20) }),
  ],
  url,
}

export const DMITRY = user({
  id: '513',
  name: 'Дмитрий Ли',
  phones: ['+7 (916) 555-01-15'],
  company: 'ГК «Меридиан-Логистика и складское хозяйство»',
})

/** A missed-call case from which the agent calls back. */
export const MISSED_PAGE: CasePageView = {
  case: caseRow({
    number: '482-113861',
    subject: 'Пропущенный звонок с +7 (916) 555-01-15',
    status: 'open',
    handset: 'missed',
    updatedAt: ago(1200),
  }),
  user: DMITRY,
  group: 'Расчёты и документы',
  labels: ['звонок', 'Пропущенный'],
  messages: [message({ id: 'm1', text: 'Пропущенный звонок с +7 (916) 555-01-15', call: 'missed-1', at: ago(1500) })],
  url,
}

/** The same after the client was reached (S28, S33c). */
export const CALLED_BACK_PAGE: CasePageView = {
  ...MISSED_PAGE,
  case: { ...MISSED_PAGE.case, status: 'waiting', handset: 'calledBack' },
  labels: ['звонок', 'Перезвонили'],
  messages: [
    ...MISSED_PAGE.messages,
    message({
      id: 'm2',
      text: 'Отгрузка будет в четверг.\n\nИсходящий звонок на +7 (916) 555-01-15, разговор 02:47',
      call: 'back',
      at: ago(240),
      attachments: [{ id: 'f1', name: 'zvonok-20261124-1320.wav', size: 1_320_000, audio: true }],
    }),
  ],
}
