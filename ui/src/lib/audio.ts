/** Why a recording cannot be had. */
import type { CommandError } from './backend'
import { m } from './m'
import { troubleText } from './trouble'

/** Why a recording was not opened, and what to do. */
export function soundTrouble({ trouble, about }: CommandError): string {
  if (trouble === 'foreignHost') return m.case_recording_foreign({ host: about ?? '' })
  if (trouble === 'fileAddress') return m.case_recording_inside()
  if (trouble === 'notSound') return m.case_recording_no_sound()
  return troubleText(trouble)
}
