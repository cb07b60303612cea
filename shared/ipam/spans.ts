import { addressOf, bitsOf, sizeOf, spanOf, type Family, type Network, type Span } from './addresses.ts'

/** Spans in order, those that touch or overlap joined. */
export function joinSpans(spans: readonly Span[]): Span[] {
  const joined: Span[] = []
  for (const span of spans.toSorted(byFirst)) {
    const last = joined.at(-1)
    if (last !== undefined && span.first <= last.last + 1n) {
      if (span.last > last.last) last.last = span.last
    } else joined.push({ ...span })
  }
  return joined
}

const byFirst = (a: Span, b: Span): number => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0)

/** What is left of a span when others are taken out of it, in order. */
export function freeSpans(whole: Span, taken: readonly Span[]): Span[] {
  const free: Span[] = []
  let next = whole.first
  for (const { first, last } of joinSpans(taken)) {
    if (last < next) continue
    if (first > whole.last) break
    if (first > next) free.push({ first: next, last: first - 1n })
    next = last + 1n
  }
  if (next <= whole.last) free.push({ first: next, last: whole.last })
  return free
}

export const countOf = (spans: readonly Span[]): bigint =>
  spans.reduce((sum, { first, last }) => sum + (last - first + 1n), 0n)

/** The fewest networks that cover exactly the span, in order. */
export function networksOf(family: Family, { first, last }: Span): Network[] {
  const bits = bitsOf(family)
  const networks: Network[] = []
  let next = first
  while (next <= last) {
    let length = bits
    // One bit shorter as long as the network still begins here and ends within the span.
    while (length > 0) {
      const size = sizeOf(family, length - 1)
      if (next % size !== 0n || next + size - 1n > last) break
      length -= 1
    }
    const network = addressOf(family, next, length)
    networks.push(network)
    next = spanOf(network).last + 1n
  }
  return networks
}

/** The places in free spans where a network of this length fits: first and last number of each row of them. */
export function slotsOf(family: Family, free: readonly Span[], length: number): Span[] {
  const size = sizeOf(family, length)
  return free.flatMap(({ first, last }) => {
    const begin = ((first + size - 1n) / size) * size
    const end = ((last + 1n) / size) * size
    return begin < end ? [{ first: begin, last: end - 1n }] : []
  })
}

/** Whole and hundredth percent of a span that others cover, from 0 to 100. */
export function utilisationOf(whole: Span, taken: readonly Span[]): number {
  const size = whole.last - whole.first + 1n
  const free = countOf(freeSpans(whole, taken))
  return Number(((size - free) * 10_000n) / size) / 100
}
