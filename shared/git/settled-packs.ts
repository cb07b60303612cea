import * as z from 'zod'
import { bytesOf, type Chain } from './chains.ts'
import { fitsPack, packBytesMax, packObjectsMax, type PackedObject } from './pack-format.ts'
import { loadPack, savePack, type PackPlace, type SavedPack } from './pack-store.ts'
import { objectKeys, type Pack, type PackCopy } from './repositories.ts'

/** Where a settled pack begins: with this file, folder or kind, and there with its n-th part (0: with all of it). */
export type Start = { from: string; part: number }
export type SettledPack = Pack & { settled: Start }

/** A part of all that is in the repository, by key, with the pack that holds it now, if any does. */
export type Window = { start: Start; pack: SettledPack | undefined; keys: readonly string[] }

/** Of a pack that is made when a full one is cut: the rest is room for what comes. */
const filled = 0.75
const everything: Start = { from: '', part: 0 }
/** Packs that begin later hold none: commits come before folders and files (`fresh-objects.ts`). */
export const lastStartOfCommits = 'c'

/** Chains with their key and how many objects each has, in the order of the pack. */
const Contents = z.array(z.tuple([z.string(), z.int().positive()]))

export const isSettled = (pack: Pack): pack is SettledPack => pack.settled !== undefined

/** By what they hold. */
const byStart = (a: SettledPack, b: SettledPack): number =>
  a.settled.from === b.settled.from
    ? a.settled.part - b.settled.part
    : a.settled.from < b.settled.from
      ? -1
      : 1

/**
 * Which pack the objects of each key belong to: of those that begin at or before the key, the last. A history that is
 * longer than a pack goes on in its last part.
 */
export function windowsOf(packs: readonly SettledPack[], keys: Iterable<string>): Window[] {
  const sorted = packs.toSorted(byStart)
  const windows = new Map<SettledPack | undefined, string[]>()
  let next = 0
  for (const key of [...keys].sort()) {
    while (next < sorted.length && (sorted[next]?.settled.from ?? '') <= key) next += 1
    const pack = sorted[Math.max(0, next - 1)]
    const known = windows.get(pack)
    if (known === undefined) windows.set(pack, [key])
    else known.push(key)
  }
  return [...windows].map(([pack, keys]) => ({ start: pack?.settled ?? everything, pack, keys }))
}

/** Parts of one key are together, the oldest first. */
export async function loadChains(place: PackPlace, copy: PackCopy): Promise<Chain[]> {
  const [objects, stored] = await Promise.all([
    loadPack(place, copy),
    place.objects.get(objectKeys.packContents(place.repository, copy)),
  ])
  if (stored === undefined) throw new Error(`the contents of the pack ${copy.pack} are not in object storage`)
  const contents = Contents.parse(JSON.parse(Buffer.from(stored).toString('utf8')))
  let at = 0
  const chains = contents.map(([key, count]) => ({ key, objects: objects.slice(at, (at += count)) }))
  if (at !== objects.length) throw new Error(`the contents of the pack ${copy.pack} are those of another`)
  return chains
}

/** @param chains in the order of their keys, more than one pack of them where need be. */
export async function saveChains(
  place: PackPlace,
  start: Start,
  chains: readonly Chain[],
): Promise<{ saved: SavedPack; settled: Start }[]> {
  const done: { saved: SavedPack; settled: Start }[] = []
  let last = start
  let lastKey: string | undefined
  for (const part of cut(chains)) {
    const [first] = part
    if (first === undefined) continue
    if (lastKey !== undefined) last = startAfter(last, lastKey, first.key)
    const saved = await savePack(
      place,
      part.flatMap(({ objects }) => objects),
    )
    const contents = JSON.stringify(part.map(({ key, objects }) => [key, objects.length]))
    await place.objects.put(objectKeys.packContents(place.repository, saved), contents)
    done.push({ saved, settled: last })
    lastKey = part.at(-1)?.key
  }
  return done
}

function startAfter(before: Start, lastKey: string, key: string): Start {
  if (lastKey !== key) return { from: key, part: 0 }
  return { from: key, part: before.from === key ? before.part + 1 : 1 }
}

/** One pack where all fits, else packs of equal size with room to grow. */
function cut(chains: readonly Chain[]): Chain[][] {
  const all: PackedObject[] = chains.flatMap(({ objects }) => objects)
  const bytes = bytesOf(all)
  if (fitsPack(bytes, all.length)) return [[...chains]]
  const share = 1 / Math.ceil(Math.max(bytes / packBytesMax, all.length / packObjectsMax) / filled)
  const parts: Chain[][] = []
  let [part, partBytes, partObjects]: [Chain[], number, number] = [[], 0, 0]
  for (const chain of chains) {
    const chainBytes = bytesOf(chain.objects)
    const isFull = partBytes >= share * bytes || partObjects >= share * all.length
    if (
      part.length > 0 &&
      (isFull || !fitsPack(partBytes + chainBytes, partObjects + chain.objects.length))
    ) {
      parts.push(part)
      ;[part, partBytes, partObjects] = [[], 0, 0]
    }
    part.push(chain)
    partBytes += chainBytes
    partObjects += chain.objects.length
  }
  return [...parts, part]
}
