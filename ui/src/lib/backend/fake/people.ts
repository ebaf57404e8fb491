/** The people and cases of the mock-ups. */
import type { CaseRow, ProfileView } from '../types'
import { caseRow, on, user } from './scene'

export const KATYA = user({
  id: '501',
  name: 'Екатерина Воскресенская-Добролюбова',
  email: 'e.voskresenskaya-dobrolyubova@severtech.example',
  phones: ['+7 (921) 555-01-34', '+7 (812) 555-01-90'],
  company: 'ООО «Северные технологии»',
  position: 'Заместитель главного бухгалтера',
  note: 'Просит присылать копии актов на общий ящик бухгалтерии.',
  fields: [
    { field: 'cf_25', title: 'Тариф', format: 'list', value: 'Корпоративный, до 250 мест' },
    { field: 'cf_26', title: 'Номер договора', format: 'text', value: 'СТ-2024/0318' },
    { field: 'cf_27', title: 'Договор до', format: 'date', value: '2027-03-31' },
  ],
})

export const TIMUR = user({
  id: '502',
  name: 'Тимур Галиев',
  email: 't.galiev@kazanpech.example',
  phones: ['+7 (843) 555-01-62'],
  company: 'ООО «Казанские печи»',
  position: 'Снабжение',
  note: 'Поставки через склад «Север» по вторникам, звонить после 10.',
})

export const OLGA = user({
  id: '503',
  name: 'Ольга Лаптева',
  email: 'o.lapteva@sever-opt.example',
  phones: ['+7 (843) 555-01-62'],
  company: 'АО «Карелторг»',
})

export const LAST_CASE: CaseRow = caseRow({
  number: '482-113640',
  subject: 'Не приходят закрывающие документы за октябрь',
  status: 'waiting',
})

export const MISSED_CASE: CaseRow = caseRow({
  number: '482-113512',
  subject: 'Пропущенный звонок с +7 (921) 555-01-34',
  status: 'open',
  handset: 'missed',
  staff: null,
  updatedAt: on(10, 11, 16, 2),
})

export const KATYA_CASES: CaseRow[] = [
  LAST_CASE,
  MISSED_CASE,
  caseRow({ number: '482-113498', subject: 'Копия акта сверки', status: 'closed', handset: 'none', isCall: false, updatedAt: on(9, 11) }),
  caseRow({
    number: '482-112877',
    subject: 'Пропущенный звонок с +7 (812) 555-01-90, доб. 118',
    status: 'waiting',
    handset: 'calledBack',
    staff: 'Игорь Самсонов',
    updatedAt: on(27, 10),
  }),
  caseRow({ number: '482-111020', subject: 'Вопрос по счёту за сентябрь', status: 'closed', handset: 'none', isCall: false, updatedAt: on(2, 10) }),
  caseRow({
    number: '482-110236',
    subject: 'Продление договора СТ-2024/0318',
    handset: 'outgoing',
    staff: 'Мария Ветрова',
    updatedAt: on(3, 9),
  }),
  caseRow({
    number: '482-109914',
    subject: 'Не открывается личный кабинет у новых сотрудников после смены тарифа',
    updatedAt: on(21, 8),
  }),
  caseRow({ number: '482-109102', subject: 'Реквизиты для оплаты', status: 'closed', handset: 'none', isCall: false, updatedAt: on(30, 7) }),
  caseRow({
    number: '482-108120',
    subject: 'Входящий звонок с +7 (921) 555-01-34',
    staff: 'Тимур Галиев',
    updatedAt: on(8, 7),
  }),
  caseRow({ number: '482-107001', subject: 'Доступ для аудитора', status: 'closed', handset: 'none', isCall: false, updatedAt: on(11, 6) }),
]

export const KATYA_PROFILE: ProfileView = {
  user: KATYA,
  cases: KATYA_CASES,
  staleSince: null,
  url: 'https://severtech.omnidesk.example/staff/users/501',
}
