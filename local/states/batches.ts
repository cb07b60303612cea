import { payloadBytesMax } from './failure.ts'

export type Batcher = { maxItems?: number; maxBytes?: number; batchInput?: unknown }

/** The input of one child execution and how many items are in it. */
export type ChildInput = { input: unknown; items: number }

/**
 * Groups items into inputs of `{ BatchInput, Items }`, in order. A batch ends at `maxItems` items or before it
 * would pass `maxBytes` as JSON (never more than a payload may hold). An item too big for any batch stands alone.
 */
export function batchItems(items: readonly unknown[], batcher: Batcher): ChildInput[] {
  const maxItems = batcher.maxItems ?? Infinity
  const maxBytes = Math.min(batcher.maxBytes ?? payloadBytesMax, payloadBytesMax)
  const head = batcher.batchInput === undefined ? {} : { BatchInput: batcher.batchInput }
  const frameBytes = bytesOf({ ...head, Items: [] })
  const inputs: ChildInput[] = []
  let batch: unknown[] = []
  let batchBytes = frameBytes
  const close = (): void => {
    if (batch.length === 0) return
    inputs.push({ input: { ...head, Items: batch }, items: batch.length })
    batch = []
    batchBytes = frameBytes
  }
  for (const item of items) {
    const itemBytes = bytesOf(item) + (batch.length > 0 ? 1 : 0)
    if (batch.length >= maxItems || batchBytes + itemBytes > maxBytes) close()
    batchBytes += batch.length === 0 ? bytesOf(item) : itemBytes
    batch.push(item)
  }
  close()
  return inputs
}

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? 'null')
