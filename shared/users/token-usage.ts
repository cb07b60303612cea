import { keys } from '../table/keys.ts'
import type { Table } from '../table/table.ts'

export type TokenUsage = { note(tokenId: number): Promise<void> }

/** Within this time a container notes the use of a token once. */
const noteEveryMs = 5 * 60_000
/** Tokens one container remembers. */
const rememberedMax = 10_000

/** Remembers when tokens were used last. It costs a caller nothing but the note: a failed one goes to `onFailure`. */
export function tokenUsage(
  { table, now }: { table: Table; now: () => Date },
  onFailure: (cause: unknown) => void,
): TokenUsage {
  const notedAt = new Map<number, number>()
  return {
    async note(tokenId) {
      const at = now()
      if (at.getTime() - (notedAt.get(tokenId) ?? -Infinity) < noteEveryMs) return
      if (notedAt.size >= rememberedMax) notedAt.clear()
      notedAt.set(tokenId, at.getTime())
      const item = { ...keys.tokenUse(tokenId), last_used: at.toISOString() }
      await table.write([{ put: item, unconditionally: true }]).catch(onFailure)
    },
  }
}
