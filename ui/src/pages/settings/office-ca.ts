/** The office's certificates: words, and what comes out of a chosen file. */
import type { CertificateView } from '$lib/backend'
import { now } from '$lib/clock.svelte'
import { date } from '$lib/format'
import { m } from '$lib/m'

/** The back end takes no longer text, in bytes. */
export const LARGEST = 64 * 1024

/** A reason that the back end gives, such as `pbxCa.expired`, in words; null where it is about something else. */
export function certificateProblem(about: string | null): string | null {
  switch (about) {
    case 'pbxCa.none':
      return m.settings_ca_none()
    case 'pbxCa.privateKey':
      return m.settings_ca_private_key()
    case 'pbxCa.expired':
      return m.settings_ca_expired()
    case 'pbxCa.tooLarge':
      return m.settings_ca_too_large()
    default:
      return about?.startsWith('pbxCa.') === true ? m.settings_ca_malformed() : null
  }
}

/** Until when it holds, or since when no more. */
export function certificateText(certificate: CertificateView): string {
  if (certificate.holds) return m.settings_ca_until({ date: date(certificate.until) })
  return certificate.from > now() ? m.settings_ca_from({ date: date(certificate.from) }) : m.settings_ca_over({ date: date(certificate.until) })
}

/** A file's text; the binary form of a certificate, which begins with a sequence (0x30), becomes text. */
export function pemOf(bytes: Uint8Array): string {
  if (bytes[0] !== 0x30) return new TextDecoder().decode(bytes)
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  const lines = btoa(binary).match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}
