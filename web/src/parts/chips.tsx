import type { ReactNode } from 'react'
import { Link } from 'wouter'

type Props<V extends string> = {
  /** What they choose, for those who do not see them. */
  name: string
  words: Readonly<Record<V, string>>
  chosen: V | undefined
  toHref: (value: V | undefined) => string
  /** What the first one says, which chooses none of them. Without it there is none. */
  all?: string
}

/** One of a few, each with an address of its own; in the order of their words. */
export function Chips<V extends string>({ name, words, chosen, toHref, all }: Props<V>): ReactNode {
  return (
    <nav className="chips" aria-label={name}>
      {all === undefined ? null : (
        <Link href={toHref(undefined)} aria-current={chosen === undefined ? 'true' : undefined}>
          {all}
        </Link>
      )}
      {(Object.keys(words) as V[]).map((value) => (
        <Link key={value} href={toHref(value)} aria-current={value === chosen ? 'true' : undefined}>
          {words[value]}
        </Link>
      ))}
    </nav>
  )
}

/** The address's value, where it is one of those that there are words for. */
export const readChip = <V extends string>(
  search: URLSearchParams,
  name: string,
  words: Readonly<Record<V, string>>,
): V | undefined => (Object.keys(words) as V[]).find((known) => known === search.get(name))
