/** The window that says why the program cannot work, for each fault. */
import type { StartFault } from '../../types'
import { desk, type Scene } from '../scene'

const FOLDER = '/home/litvinova/.local/share/ringside'

const DETAILS: Record<StartFault, string> = {
  notAFolder: 'the data folder could not be used: File exists (os error 17)',
  readOnly: 'the data folder could not be used: Read-only file system (os error 30)',
  foreign: 'the data folder belongs to another user: Permission denied (os error 13)',
  full: 'the data folder could not be used: No space left on device (os error 28)',
  newer: 'the database was written by a newer version of the program',
  damaged: 'the database refused: file is not a database',
  inUse: 'another program works in the data folder',
  noWindows: 'the webview could not be made',
  other: 'the database refused: disk I/O error',
}

const scene = (fault: StartFault, detail: string): Scene => ({ view: desk(), trouble: { fault, folder: FOLDER, detail } })

export const scenes: Record<string, () => Scene> = Object.fromEntries(
  Object.entries(DETAILS).map(([fault, detail]) => [`start-${fault}`, () => scene(fault as StartFault, detail)]),
)
