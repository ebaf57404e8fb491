/** Plays the sound that the agent chose for calls, if there is one. */
import { backend, type Ring } from './backend'

/** A call whose end was never told is quiet after this, ms. */
const LONGEST = 120_000

/** Begins to play it, again and again where it `lasts`. Returns what ends it. */
export function play(ring: Ring, { lasts = false, ended = () => {}, failed = () => {} }: { lasts?: boolean; ended?: () => void; failed?: () => void } = {}): () => void {
  const began = Date.now()
  let audio: HTMLAudioElement | null = null
  let isOver = false

  function end() {
    if (isOver) return
    isOver = true
    audio?.pause()
    if (audio !== null) URL.revokeObjectURL(audio.src)
    ended()
  }

  async function begin() {
    const sound = await backend().ringSound(ring)
    if (isOver) return
    if (sound === null) return end()
    const bytes = Uint8Array.from(atob(sound.sound), (letter) => letter.charCodeAt(0))
    const player = new Audio(URL.createObjectURL(new Blob([bytes], { type: sound.kind })))
    audio = player
    player.onended = () => {
      if (lasts && Date.now() - began < LONGEST) void player.play().catch(end)
      else end()
    }
    await player.play()
  }

  begin().catch(() => {
    // Ended on purpose is no failure.
    if (!isOver) failed()
    end()
  })
  return end
}
