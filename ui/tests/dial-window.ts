/** The dial window on the stage, with its field and its keys. Time stands still but for what a test lets pass. */
import { fireEvent, render, screen } from '@testing-library/svelte'
import { vi } from 'vitest'
import type { Backend, DialPreview, DialStart } from '$lib/backend'
import { KATYA } from '$lib/backend/fake/people'
import Dial from '../src/dial/Dial.svelte'
import { scene, stage } from './stage'

export const NUMBER: DialPreview = { kind: 'external', pretty: '+7 (921) 555-01-34', extension: null, dial: '+79215550134', caution: null, others: [], user: KATYA }
export const EMPTY: DialStart = { text: '', trouble: null, caution: null, from: 'agent' }
const RUSSIAN_LOOKS: Backend['appearance'] = async () => ({ transparent: false, language: 'ru', theme: '' })

/** Before each test. */
export function standStill(): void {
  vi.useFakeTimers({ now: new Date(2026, 10, 22, 14, 34, 0) })
}

/** The window as it stands when everything typed by the scene was answered. */
export async function show(name: string, overrides: Partial<Backend> = {}) {
  const base = scene(name)
  const backend = await stage({ ...base, overrides: { appearance: RUSSIAN_LOOKS, ...base.overrides, ...overrides } })
  render(Dial)
  await vi.advanceTimersByTimeAsync(500)
  return backend
}

export function field(): HTMLInputElement {
  return screen.getByRole('combobox')
}

/** Types and waits for the answers. */
export async function type(text: string, wait = 500) {
  await fireEvent.input(field(), { target: { value: text } })
  await vi.advanceTimersByTimeAsync(wait)
}

export async function press(code: string) {
  await fireEvent.keyDown(field(), { code, key: code })
  await vi.advanceTimersByTimeAsync(0)
}

export function text(): string {
  return (document.body.textContent ?? '').replaceAll(/\s+/g, ' ')
}
