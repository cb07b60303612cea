import type { ReactNode } from 'react'
import type { Result } from '../types.ts'

/** What was said between the collector and a device, with the moments of it. */
export function SessionLog({ result }: { result: Result }): ReactNode {
  const { device, log } = result
  if (log.length === 0) return <p className="empty">No session was opened to {device.name}.</p>
  return (
    <section aria-label={`Session with ${device.name}`}>
      <ol className="log">
        {log.map(({ at, level, message }, line) => (
          <li key={`${at} ${line}`} className={level}>
            <time dateTime={at} title={at}>
              {at.slice(11, 23)}
            </time>{' '}
            <span className="level">{level}</span> {message}
          </li>
        ))}
      </ol>
    </section>
  )
}
