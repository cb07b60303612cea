import type { ReactNode } from 'react'
import type { Result } from '../types.ts'
import { LogLines } from './log-lines.tsx'

/** What was said between the collector and a device, with the moments of it. */
export function SessionLog({ result }: { result: Result }): ReactNode {
  const { device, log } = result
  if (log.length === 0) return <p className="empty">No session was opened to {device.name}.</p>
  return (
    <section className="log" aria-label={`Session with ${device.name}`} tabIndex={0}>
      <LogLines lines={log} />
    </section>
  )
}
