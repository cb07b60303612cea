// Deltas as packs hold them: https://git-scm.com/docs/gitformat-pack#_deltified_representation
// No maintained library makes them (isomorphic-git only applies them).

/** Parts of a base are found by blocks of so many bytes; what is shorter is written out. */
const blockBytes = 16
/** Blocks of equal content that are looked at: a text may be one line a thousand times. */
const candidatesMax = 64
/** What git itself writes with one instruction at most. */
const copyBytesMax = 0x10000
const insertBytesMax = 0x7f
/** A shorter copy may be of some other place that looks alike. */
const anchorBytesMin = 64
const factor = 0x01000193
/** factor^16, which takes the oldest byte out of a rolling hash. */
const factorOfOldest = Array.from({ length: blockBytes }).reduce<number>(
  (power) => Math.imul(power, factor),
  1,
)

/** What makes `target` out of `base`. Any two texts have one; the caller judges whether it is worth keeping. */
export function encodeDelta(base: Uint8Array, target: Uint8Array): Buffer {
  const shorter = Math.min(base.length, target.length)
  let start = 0
  while (start < shorter && base[start] === target[start]) start += 1
  let tail = 0
  while (tail < shorter - start && base[base.length - 1 - tail] === target[target.length - 1 - tail])
    tail += 1
  const end = target.length - tail
  const parts: Uint8Array[] = [encodeLength(base.length), encodeLength(target.length)]
  parts.push(...copies(0, start))
  if (end - start < blockBytes) parts.push(...inserts(target.subarray(start, end)))
  else parts.push(...encodeMiddle(base, target, { start, end }))
  parts.push(...copies(base.length - tail, tail))
  return Buffer.concat(parts)
}

/** @throws Error for a delta that does not belong to the base, or is none. */
export function applyDelta(base: Uint8Array, delta: Uint8Array): Buffer {
  const input = { bytes: delta, at: 0 }
  if (decodeLength(input) !== base.length) throw new Error('a git delta was made for another base')
  const target = Buffer.alloc(decodeLength(input))
  let written = 0
  while (input.at < delta.length) {
    const code = delta[input.at++] ?? 0
    const [from, start, length] =
      code & 0x80
        ? [base, readBytes(input, code, 4), readBytes(input, code >> 4, 3) || copyBytesMax]
        : [delta, input.at, code]
    if (from === delta) input.at += length
    const part = from.subarray(start, start + length)
    if (length === 0 || part.length !== length || written + length > target.length)
      throw new Error('a git delta is damaged')
    target.set(part, written)
    written += length
  }
  if (written !== target.length) throw new Error('a git delta is cut short')
  return target
}

type Blocks = { heads: Int32Array; next: Int32Array; shift: number }

/** Every block of the base by its content, the first of equal ones first. */
function blocksOf(base: Uint8Array): Blocks {
  const count = Math.floor(base.length / blockBytes)
  const bits = Math.max(4, Math.ceil(Math.log2(count * 2 + 1)))
  const blocks = { heads: new Int32Array(2 ** bits).fill(-1), next: new Int32Array(count), shift: 32 - bits }
  for (let block = count - 1; block >= 0; block -= 1) {
    const slot = slotOf(hashAt(base, block * blockBytes), blocks)
    blocks.next[block] = blocks.heads[slot] ?? -1
    blocks.heads[slot] = block
  }
  return blocks
}

const slotOf = (hash: number, { shift }: Blocks): number => Math.imul(hash, 0x9e3779b1) >>> shift

function hashAt(bytes: Uint8Array, start: number): number {
  let hash = 0
  for (let at = start; at < start + blockBytes; at += 1)
    hash = (Math.imul(hash, factor) + (bytes[at] ?? 0)) | 0
  return hash
}

type Texts = { base: Uint8Array; target: Uint8Array; end: number }

function encodeMiddle(
  base: Uint8Array,
  target: Uint8Array,
  range: { start: number; end: number },
): Uint8Array[] {
  const { start, end } = range
  const texts = { base, target, end }
  const blocks = blocksOf(base)
  const parts: Uint8Array[] = []
  // Where both texts stood after the last long copy: the base most often goes on from there.
  let anchor = { base: start, target: start }
  let pending = start
  let at = start
  let hash = hashAt(target, at)
  while (at + blockBytes <= end) {
    const goesOn = [anchor.base, anchor.base + at - anchor.target]
    const found = longestMatch(texts, at, [...goesOn, ...sameBlocks(blocks, hash)])
    if (found.length < blockBytes) {
      const [oldest = 0, newest = 0] = [target[at], target[at + blockBytes]]
      hash = (Math.imul(hash, factor) - Math.imul(oldest, factorOfOldest) + newest) | 0
      at += 1
      continue
    }
    let { from } = found
    let matched = at
    while (matched > pending && from > 0 && base[from - 1] === target[matched - 1]) {
      matched -= 1
      from -= 1
    }
    parts.push(...inserts(target.subarray(pending, matched)), ...copies(from, at - matched + found.length))
    at += found.length
    pending = at
    if (found.length >= anchorBytesMin) anchor = { base: found.from + found.length, target: at }
    if (at + blockBytes <= end) hash = hashAt(target, at)
  }
  parts.push(...inserts(target.subarray(pending, end)))
  return parts
}

function* sameBlocks(blocks: Blocks, hash: number): Iterable<number> {
  let block = blocks.heads[slotOf(hash, blocks)] ?? -1
  for (let seen = 0; block >= 0 && seen < candidatesMax; seen += 1) {
    yield block * blockBytes
    block = blocks.next[block] ?? -1
  }
}

function longestMatch(
  { base, target, end }: Texts,
  at: number,
  candidates: Iterable<number>,
): { from: number; length: number } {
  let best = { from: 0, length: 0 }
  for (const from of candidates) {
    let length = 0
    while (at + length < end && from + length < base.length && base[from + length] === target[at + length])
      length += 1
    if (length > best.length) best = { from, length }
  }
  return best
}

function* inserts(bytes: Uint8Array): Iterable<Uint8Array> {
  for (let start = 0; start < bytes.length; start += insertBytesMax) {
    const part = bytes.subarray(start, start + insertBytesMax)
    yield Buffer.from([part.length])
    yield part
  }
}

function* copies(from: number, bytes: number): Iterable<Uint8Array> {
  for (let done = 0; done < bytes; done += copyBytesMax)
    yield encodeCopy(from + done, Math.min(copyBytesMax, bytes - done))
}

/** Bytes that are zero are left out, and named by the first byte; a length of zero means 64 KiB. */
function encodeCopy(from: number, bytes: number): Buffer {
  const values = [0, 8, 16, 24].map((bits) => (from >>> bits) & 0xff)
  values.push(...[0, 8].map((bits) => ((bytes === copyBytesMax ? 0 : bytes) >>> bits) & 0xff))
  const code = values.reduce((code, value, place) => (value === 0 ? code : code | (1 << place)), 0x80)
  return Buffer.from([code, ...values.filter((value) => value !== 0)])
}

type Input = { bytes: Uint8Array; at: number }

function readBytes(input: Input, present: number, count: number): number {
  let value = 0
  for (let place = 0; place < count; place += 1)
    if (present & (1 << place)) value += (input.bytes[input.at++] ?? 0) * 2 ** (8 * place)
  return value
}

/** Seven bits a byte, the lowest first; the top bit says that more follow. */
function encodeLength(length: number): Buffer {
  const bytes: number[] = []
  let rest = length
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest & 0x7f) | 0x80)
  return Buffer.from([...bytes, rest])
}

function decodeLength(input: Input): number {
  let value = 0
  for (let scale = 1; ; scale *= 128) {
    const byte = input.bytes[input.at++] ?? 0
    value += (byte & 0x7f) * scale
    if (byte < 0x80) return value
  }
}
