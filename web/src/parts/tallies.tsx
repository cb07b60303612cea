import type { ReactNode } from 'react'

/** Numbers to be seen from afar. */
export function Tallies({ tallies }: { tallies: Readonly<Record<string, number>> }): ReactNode {
  return (
    <dl className="tallies">
      {Object.entries(tallies).map(([name, count]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{count.toLocaleString()}</dd>
        </div>
      ))}
    </dl>
  )
}
