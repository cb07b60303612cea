import type { ObjectStore } from '../../objects.ts'
import { WorkItem } from './work.ts'

/** Work lists of a run, as JSON lines: one device each. The Distributed Map reads them. */
export const workListKey = (runId: number, list: 'first' | 'rest' | 'last-seen-down' | 'second'): string =>
  `work-lists/${runId}/${list}.jsonl`

export async function writeWorkList(
  work: ObjectStore,
  key: string,
  items: readonly WorkItem[],
): Promise<void> {
  const text = items.map((item) => JSON.stringify(item)).join('\n')
  await work.put(key, text === '' ? '' : `${text}\n`, { contentType: 'application/jsonl' })
}

/** An absent list has no devices. */
export async function readWorkList(work: ObjectStore, key: string): Promise<WorkItem[]> {
  const bytes = await work.get(key)
  if (bytes === undefined) return []
  return new TextDecoder()
    .decode(bytes)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => WorkItem.parse(JSON.parse(line)))
}
