/** Recordings as something an audio element can play, and why one cannot be had. */
import type { CommandError, SoundView } from './backend'
import { m } from './m'
import { troubleText } from './trouble'

/** Throws when the text is not base64. */
export function audioBlob({ kind, base64 }: SoundView): Blob {
  const binary = atob(base64)
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
  return new Blob([bytes], { type: kind })
}

/** Why a recording was not opened, and what to do. */
export function soundTrouble({ trouble, about }: CommandError): string {
  if (trouble === 'foreignHost') return m.case_recording_foreign({ host: about ?? '' })
  if (trouble === 'fileAddress') return m.case_recording_inside()
  if (trouble === 'notSound') return m.case_recording_no_sound()
  return troubleText(trouble)
}
