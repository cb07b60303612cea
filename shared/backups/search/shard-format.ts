import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import * as z from 'zod'

/**
 * The texts of a few hundred devices as one object: every distinct line once, and for each device the numbers of its
 * lines. Configurations repeat each other, so a line is stored, unpacked and searched once for all who have it.
 *
 * As bytes: one line of JSON that says what it is, then zstd of the line numbers (each as the difference from the one
 * before it, 32 bits, little endian) and of the lines, each with its line end.
 */

/** Another number for every change of this format: a shard of another one is made again. */
const shardFormat = 1
/** A few kB of zstd may claim to be anything: 1,000 devices of 1 MB that share no line stay below. */
const bytesMax = 2 ** 30

const Head = z.object({
  format: z.literal(shardFormat),
  /** `lines` of them, one after the other, are this device's. */
  devices: z.array(z.object({ id: z.int(), sequence: z.int(), collectedAt: z.string(), lines: z.int() })),
})

/** Where a device's line numbers begin and end in `lineIds`. */
export type ShardDevice = { id: number; sequence: number; collectedAt: string; from: number; to: number }

export type Shard = {
  /** By their ids, ascending. */
  devices: readonly ShardDevice[]
  lineIds: Uint32Array
  /** Every distinct line with its line end. */
  text: string
  /** Where each line begins in `text`, and at last where the text ends. */
  starts: Uint32Array
}

/** A device that goes into a shard: with its text, or as it is in another shard. */
export type ShardEntry = Omit<ShardDevice, 'from' | 'to'> & {
  of: string | { shard: Shard; device: ShardDevice }
}

export const lineAt = ({ text, starts }: Shard, id: number): string =>
  text.slice(starts[id], (starts[id + 1] ?? text.length) - 1)

/** What a shard takes in memory, for those who keep many. */
export const bytesOf = ({ text, lineIds, starts }: Shard): number =>
  text.length + lineIds.byteLength + starts.byteLength

/** The lines of a shown text; the line end at its end begins no further one. */
export const splitLines = (text: string): string[] =>
  text === '' ? [] : (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n')

/** @param entries in any order. */
export function packShard(entries: readonly ShardEntry[]): Shard {
  const lines = new Map<string, number>()
  const numberOf = (line: string): number => {
    const known = lines.get(line)
    if (known !== undefined) return known
    lines.set(line, lines.size)
    return lines.size - 1
  }
  const translations = new Map<Shard, Int32Array>()
  const lineIds: number[] = []
  const devices = entries
    .toSorted((a, b) => a.id - b.id)
    .map(({ id, sequence, collectedAt, of }): ShardDevice => {
      const from = lineIds.length
      if (typeof of === 'string') for (const line of splitLines(of)) lineIds.push(numberOf(line))
      else takeOver(of.shard, of.device)
      return { id, sequence, collectedAt, from, to: lineIds.length }
    })
  /** Each line of the other shard is looked at as text only once. */
  function takeOver(shard: Shard, { from, to }: ShardDevice): void {
    const translation = translations.get(shard) ?? new Int32Array(shard.starts.length).fill(-1)
    translations.set(shard, translation)
    for (const old of shard.lineIds.subarray(from, to)) {
      if (translation[old] === -1) translation[old] = numberOf(lineAt(shard, old))
      lineIds.push(translation[old] ?? 0)
    }
  }
  const text = lines.size === 0 ? '' : `${[...lines.keys()].join('\n')}\n`
  return { devices, lineIds: Uint32Array.from(lineIds), text, starts: startsOf(text) }
}

export async function encodeShard({ devices, lineIds, text }: Shard): Promise<Uint8Array> {
  const shown = devices.map(({ from, to, ...device }) => ({ ...device, lines: to - from }))
  const head: z.input<typeof Head> = { format: shardFormat, devices: shown }
  const steps = lineIds.map((id, index) => id - (lineIds[index - 1] ?? 0))
  const body = Buffer.concat([new Uint8Array(steps.buffer), Buffer.from(text)])
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), await promisify(zstdCompress)(body)])
}

/** @returns undefined for bytes of another format. @throws Error for bytes that are no shard. */
export async function decodeShard(bytes: Uint8Array): Promise<Shard | undefined> {
  const end = bytes.indexOf(0x0a)
  const head = Head.safeParse(JSON.parse(Buffer.from(bytes.subarray(0, end)).toString()))
  if (!head.success) return undefined
  let to = 0
  const devices = head.data.devices.map(({ lines, ...device }): ShardDevice => {
    const from = to
    to += lines
    return { ...device, from, to }
  })
  const body = await promisify(zstdDecompress)(bytes.subarray(end + 1), { maxOutputLength: bytesMax })
  // A copy: numbers of 32 bits begin at a multiple of four.
  const lineIds = new Uint32Array(Uint8Array.from(body.subarray(0, to * 4)).buffer)
  for (let index = 1; index < lineIds.length; index += 1)
    lineIds[index] = (lineIds[index] ?? 0) + (lineIds[index - 1] ?? 0)
  const text = body.subarray(to * 4).toString()
  return { devices, lineIds, text, starts: startsOf(text) }
}

function startsOf(text: string): Uint32Array {
  const starts = [0]
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) starts.push(end + 1)
  return Uint32Array.from(starts)
}
