/** How many places are looked at once the end of the taken ones is found. */
const looksMax = 2000

type Places = {
  /** Places are 0 to below this. */
  total: bigint
  /** Free places to pass by: where many ask at once, each begins elsewhere. */
  skip: number
  isTaken: (place: bigint) => Promise<boolean>
  /** Takes a free place, or leaves it to someone else. @returns whether there are enough. */
  take: (place: bigint) => boolean
}

/**
 * Places as far from each other as powers of two allow: the first, the half, the quarters, the eighths …: the k-th is
 * k with its bits turned round. Where only this order was used, the taken ones come first, and doubling and halving
 * find where they end.
 */
export async function spacedPlaces({ total, skip, isTaken, take }: Places): Promise<void> {
  const bits = BigInt((total - 1n).toString(2).length)
  const end = 1n << bits
  const placeOf = (turn: bigint): bigint => turnBits(turn, bits)
  const isUsed = async (turn: bigint): Promise<boolean> =>
    placeOf(turn) >= total || (await isTaken(placeOf(turn)))
  let low = 0n
  let high = 1n
  while (high < end && (await isUsed(high - 1n))) {
    low = high
    high *= 2n
  }
  while (low < high - 1n) {
    const middle = (low + high) / 2n
    if (await isUsed(middle)) low = middle
    else high = middle
  }
  for (let turn = low + BigInt(skip), look = 0; turn < end && look < looksMax; turn++, look++) {
    if (!(await isUsed(turn)) && take(placeOf(turn))) return
  }
}

function turnBits(number: bigint, bits: bigint): bigint {
  let turned = 0n
  for (let bit = 0n; bit < bits; bit++) turned |= ((number >> bit) & 1n) << (bits - 1n - bit)
  return turned
}
