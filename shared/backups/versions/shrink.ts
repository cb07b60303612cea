import type { Outcome } from '../../collect/outcome.ts'
import type { RenderedConfig } from '../runs/record.ts'

/** Of a configuration's lines so many may go from one run to the next before it is read twice. */
const keptShare = 0.6
/** A short configuration may well lose half of it. */
const linesMin = 20

export type Reading = { outcome: Outcome; config: RenderedConfig | undefined }

export const linesOf = ({ text }: Pick<RenderedConfig, 'text'>): number => text.split('\n').length - 1

/** Whether so much is gone that the device may have been cut short: a session that broke looks like a good one now and then. */
export function hasShrunk(config: RenderedConfig | undefined, linesBefore: number | undefined): boolean {
  if (config === undefined || linesBefore === undefined || linesBefore < linesMin) return false
  return linesOf(config) < linesBefore * keptShare
}

/**
 * A configuration that shrank is believed when a second session reads the very same; else nothing is stored.
 * @param first what the first session read; @param second what the second one did.
 */
export function agree(first: Reading, second: Reading, linesBefore: number): Reading {
  const { config } = first
  const found = config === undefined ? 0 : linesOf(config)
  const story = `the configuration shrank from ${linesBefore} to ${found} lines`
  const events = [...first.outcome.events, ...second.outcome.events]
  const elapsedMs = first.outcome.elapsedMs + second.outcome.elapsedMs
  const at = events.at(-1)?.at ?? ''
  if (second.config !== undefined && second.config.sha256 === config?.sha256) {
    const message = `${story}; a second session read the same`
    return {
      ...second,
      outcome: { ...second.outcome, elapsedMs, events: [...events, { at, level: 'warn', message }] },
    }
  }
  const { attempts, credentialId, hostKey } = second.outcome
  const why = second.outcome.ok ? 'read another one' : `failed: ${second.outcome.detail}`
  const outcome: Outcome = {
    ok: false,
    category: 'incomplete',
    detail: `${story}, and a second session ${why}`,
    attempts,
    ...(credentialId === undefined ? {} : { credentialId }),
    ...(hostKey === undefined ? {} : { hostKey }),
    events,
    elapsedMs,
  }
  return { outcome, config: undefined }
}
