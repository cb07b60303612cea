import type { ReactNode } from 'react'
import { Link } from 'wouter'

type Props = { count: number; offset: number; limit: number; href: (offset: number) => string }

export function Pager({ count, offset, limit, href }: Props): ReactNode {
  const last = Math.min(offset + limit, count)
  return (
    <nav className="pager" aria-label="Pages">
      <span>{count === 0 ? '0' : `${offset + 1}–${last} of ${count.toLocaleString()}`}</span>
      {offset > 0 ? <Link href={href(Math.max(0, offset - limit))}>Previous</Link> : null}
      {last < count ? <Link href={href(offset + limit)}>Next</Link> : null}
    </nav>
  )
}

/** The address's `offset`, for what it is worth. */
export function readOffset(search: URLSearchParams): number {
  const offset = Number(search.get('offset') ?? 0)
  return Number.isSafeInteger(offset) && offset > 0 ? offset : 0
}
