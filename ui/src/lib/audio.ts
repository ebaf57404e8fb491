/** Recordings as something an audio element can play. */

const TYPES: Record<string, string> = {
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  m4a: 'audio/mp4',
  mp4: 'audio/mp4',
  webm: 'audio/webm',
  flac: 'audio/flac',
}

/** A blob of base64 text; its type comes from the file's name. Throws when the text is not base64. */
export function audioBlob(base64: string, name: string): Blob {
  const binary = atob(base64)
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
  const extension = name.split('.').at(-1)?.toLowerCase() ?? ''
  return new Blob([bytes], { type: TYPES[extension] ?? 'audio/wav' })
}
