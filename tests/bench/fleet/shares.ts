/** What is wrong with which of the simulated devices, in parts of a thousand. The shares do not overlap. */
const shares = {
  /** Packets to it are lost. */
  dead: 50,
  /** Knows another password than the one that netkeep has. */
  wrongPassword: 20,
  /** Breaks its first connection of a run in mid configuration. */
  transient: 30,
  /** Somebody works on it between the first run and the second. */
  changed: 100,
} as const

export type Share = keyof typeof shares | 'steady'

/** The same for a device every time, and spread over all sites and batches. */
export function shareOf(index: number): Share {
  let place = scattered(index) % 1000
  for (const [share, size] of Object.entries(shares) as [keyof typeof shares, number][]) {
    if (place < size) return share
    place -= size
  }
  return 'steady'
}

/** A mixer of 32 bits (multiply, shift, xor): neighbours get numbers that have nothing to do with one another. */
function scattered(index: number): number {
  let mixed = Math.imul((index + 1) ^ (index >>> 16), 0x45d9_f3b)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9_f3b)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
