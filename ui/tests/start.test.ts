import { fireEvent, render, screen } from '@testing-library/svelte'
import { afterEach, expect, test } from 'vitest'
import { SCENES } from '$lib/backend/fake'
import { setLanguage } from '$lib/i18n.svelte'
import Start from '../src/start/Start.svelte'
import { scene, stage } from './stage'

const names = Object.keys(SCENES).filter((name) => name.startsWith('start-'))

afterEach(() => setLanguage('ru'))

async function open(name: string) {
  const { trouble } = scene(name)
  const backend = await stage(name)
  if (trouble === undefined) throw new Error(`${name} has no trouble`)
  render(Start, { props: { trouble } })
  return backend
}

test('d3_each_fault_of_the_start_says_what_happened_and_what_to_do_in_its_own_words', async () => {
  for (const language of ['ru', 'en']) {
    setLanguage(language)
    const said = new Set<string>()
    for (const name of names) {
      await open(name)
      said.add(screen.getAllByRole('heading', { level: 1 }).at(-1)?.textContent ?? '')
      said.add(screen.getAllByRole('alert').at(-1)?.textContent ?? '')
      expect(screen.getAllByText(scene(name).trouble?.folder ?? '-').length).toBeGreaterThan(0)
    }
    expect(said.size).toBe(2 * names.length)
    expect([...said].filter((text) => text === '')).toEqual([])
    document.body.replaceChildren()
  }
})

test('d3_a_start_can_be_tried_again', async () => {
  const backend = await open('start-readOnly')
  expect(screen.queryByRole('button', { name: 'Отложить файл и начать' })).toBeNull()
  await fireEvent.click(screen.getByRole('button', { name: 'Повторить' }))
  expect(backend.startAgain).toHaveBeenCalledOnce()
})

test('d3_a_damaged_file_is_put_aside_on_request_and_what_stands_in_the_way_of_that_is_said', async () => {
  const backend = await open('start-damaged')
  const error = { fault: 'full', folder: '/data', detail: 'No space left on device' } as const
  backend.startAnew.mockResolvedValue({ status: 'error', error })
  await fireEvent.click(screen.getByRole('button', { name: 'Отложить файл и начать' }))
  expect((await screen.findByRole('heading', { level: 1 })).textContent).toBe('На диске нет места')
  expect(screen.getByRole('button', { name: 'Повторить' })).toBeTruthy()
})
