/** «Перезваниваю»: who has undertaken to call a missed client back, as the back end tells it, in words. No rule is decided here. */
import type { CallView, ClaimView } from './backend'
import { moment } from './format'
import { m } from './m'

/** What is shown of these calls of one person: the newest claim that is still believed. */
export function claimOf(calls: CallView[], now: number): ClaimView | null {
  const claims = calls.map((call) => call.claim).filter((claim) => claim !== null)
  return claims.find((claim) => believed(claim, now)) ?? null
}

/** Whether a claim has not grown too old. */
export function believed(claim: ClaimView, now: number): boolean {
  return claim.until === null || now < claim.until
}

/** Whether it is this agent's, be it on its way. */
export function isMine(claim: ClaimView | null): boolean {
  return claim?.state === 'mine' || claim?.state === 'sending'
}

/** Whether a colleague calls, or nobody has to. */
export function isTaken(claim: ClaimView | null): boolean {
  return claim !== null && !isMine(claim)
}

/** Who; first, for a column cuts what is long. */
export function claimWord({ state, name }: ClaimView): string {
  switch (state) {
    case 'sending':
    case 'mine':
      return m.claim_mine()
    case 'colleague':
    case 'late':
      return name === '' ? m.claim_somebody() : name
    case 'over':
      return m.claim_over()
  }
}

/** What they do, and since when. */
export function claimNote({ state, since }: ClaimView): string {
  const time = since === null ? '' : moment(since)
  switch (state) {
    case 'sending':
      return m.claim_sending()
    case 'mine':
      return m.claim_since({ time })
    case 'colleague':
      return m.claim_colleague({ time })
    case 'late':
      return m.claim_late({ time })
    case 'over':
      return ''
  }
}
