import { applyDelta, encodeDelta } from './delta.ts'
import { packDelta, type PackedObject } from './pack-format.ts'
import { unpackContent } from './pack-parse.ts'

/**
 * Objects that stay together in one pack: one that is whole, the newest of a few successive versions of a file or
 * folder, and the older ones as deltas, each on the next newer. So what is read most often is whole, as git has it.
 */
export type Chain = { key: string; objects: readonly PackedObject[] }

/** An old version costs as many steps at most; git's own `gc` allows the same. */
const deltasMax = 50
/** Half of a pack, so that a chain can always be moved from one pack into another. */
const chainBytesMax = 2 * 1024 * 1024
/** A larger part of the whole is not worth the steps. */
const worthwhile = 0.5

export const bytesOf = (objects: readonly PackedObject[]): number =>
  objects.reduce((sum, { bytes }) => sum + bytes.length, 0)

/**
 * The chains of one file or folder with its new versions added.
 * @param chains oldest first.
 * @param versions whole, oldest first; none of them is in a chain.
 */
export async function extendChains(
  key: string,
  chains: readonly Chain[],
  versions: readonly PackedObject[],
): Promise<Chain[]> {
  const done = chains.slice(0, -1)
  let newest = chains.at(-1)
  let content: Buffer | undefined
  for (const version of versions) {
    const next: Grown =
      newest === undefined ? { chain: { key, objects: [version] } } : await grow(newest, version, content)
    if (next.chain.objects.length === 1 && newest !== undefined) done.push(newest)
    newest = next.chain
    content = next.content
  }
  return newest === undefined ? done : [...done, newest]
}

/** `content` is that of the newest version, where it had to be read. */
type Grown = { chain: Chain; content?: Buffer }

/** The chain with the version in front; one of the version alone where that is better. */
async function grow(
  { key, objects }: Chain,
  version: PackedObject,
  known: Buffer | undefined,
): Promise<Grown> {
  const alone: Grown = { chain: { key, objects: [version] } }
  const [before, ...older] = objects
  if (before === undefined || version.type === 'commit' || before.type !== version.type) return alone
  if (older.length >= deltasMax) return alone
  const [oldContent, content] = await Promise.all([known ?? unpackContent(before), unpackContent(version)])
  const encoded = encodeDelta(content, oldContent)
  // What is whole is given up for it: a fault here would be the loss of a version.
  if (!applyDelta(content, encoded).equals(oldContent))
    throw new Error(`the delta of ${before.oid} does not give it back`)
  const delta = await packDelta(before.oid, version.oid, encoded)
  const grown = [version, delta, ...older]
  const isWorthIt = delta.bytes.length <= worthwhile * before.bytes.length && bytesOf(grown) <= chainBytesMax
  return isWorthIt ? { chain: { key, objects: grown }, content } : { ...alone, content }
}
