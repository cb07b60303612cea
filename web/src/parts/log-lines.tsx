import type { ReactNode } from 'react'
import type { LogLine } from '../types.ts'

/** With their moments of the day in UTC. */
export const LogLines = ({ lines }: { lines: readonly LogLine[] }): ReactNode => (
  <ol>
    {lines.map(({ at, level, message }, line) => (
      <li key={`${at} ${line}`} className={level}>
        <time dateTime={at} title={at}>
          {at.slice(11, 23)}
        </time>{' '}
        <span className="level">{level}</span> {message}
      </li>
    ))}
  </ol>
)
