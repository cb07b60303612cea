import type { ReactNode } from 'react'

const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

/** A moment in the reader's own time zone; the attribute has it in UTC. */
export function Time({ at }: { at: string | null }): ReactNode {
  if (at === null) return <>–</>
  return (
    <time dateTime={at} title={at}>
      {format.format(new Date(at))}
    </time>
  )
}
