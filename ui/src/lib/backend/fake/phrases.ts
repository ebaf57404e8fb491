/** «Фразы» of the stand-in's office. */
import type { PhraseFieldView, PhrasesView, PhraseView } from '../types'

const fields: PhraseFieldView[] = [
  { ru: '{имя}', en: '{name}' },
  { ru: '{компания}', en: '{company}' },
  { ru: '{номер}', en: '{number}' },
  { ru: '{линия}', en: '{line}' },
  { ru: '{дата}', en: '{date}' },
  { ru: '{время}', en: '{time}' },
  { ru: '{сотрудник}', en: '{agent}' },
]

/** The fields there are. */
export const names = new Set(fields.flatMap(({ ru, en }) => [ru, en]))

export const view: PhrasesView = {
  phrases: [
    { title: 'Счёт', text: '{имя} просит счёт, отправить на почту', unknown: [] },
    { title: 'Перезвонить', text: 'Обещали перезвонить {дата}, номер {номер}', unknown: [] },
    { title: 'Договор', text: 'Вопрос по договору {договор}', unknown: ['{договор}'] },
  ],
  fields,
  locked: false,
}

/** As the back end fills them in for a call. */
export const filled: PhraseView[] = [
  { title: 'Счёт', text: 'Тимур Ибрагимов просит счёт, отправить на почту', left: null },
  { title: 'Перезвонить', text: 'Обещали перезвонить 29.11.2026, номер +7 (921) 555-01-34', left: null },
  { title: 'Договор', text: 'Вопрос по договору {договор}', left: { from: 19, to: 28 } },
]
