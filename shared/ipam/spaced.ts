/** How many places beyond the wanted ones are looked at. */
const looksMax = 32

type Places = {
  /** Places are 0 to below this. */
  total: bigint
  count: number
  /** Free places to pass by: where many ask at once, each begins elsewhere. */
  skip: number
  isTaken: (place: bigint) => Promise<boolean>
}

/**
 * Places as far from each other as powers of two allow: the first, the half, the quarters, the eighths …: the k-th is
 * k with its bits turned round. Where only this order was used, the taken ones come first, and doubling and halving
 * find where they end.
 */
export async function spacedPlaces({ total, count, skip, isTaken }: Places): Promise<bigint[]> {
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
  const found: bigint[] = []
  const looks = 4 * count + looksMax
  for (let turn = low + BigInt(skip), look = 0; turn < end && look < looks; turn++, look++) {
    if (!(await isUsed(turn))) found.push(placeOf(turn))
    if (found.length === count) break
  }
  return found
}

function turnBits(number: bigint, bits: bigint): bigint {
  let turned = 0n
  for (let bit = 0n; bit < bits; bit++) turned |= ((number >> bit) & 1n) << (bits - 1n - bit)
  return turned
}
