import type { Table, Write } from '../../shared/table/table.ts'

/** Holds the first write that is wanted until it is let go. */
export function gate(table: Table, isWanted: (writes: readonly Write[]) => boolean) {
  const arrived = Promise.withResolvers<void>()
  const opened = Promise.withResolvers<void>()
  let isUsed = false
  return {
    arrived: arrived.promise,
    open: () => {
      opened.resolve()
    },
    table: {
      ...table,
      write: async (writes: readonly Write[]) => {
        if (isWanted(writes) && !isUsed) {
          isUsed = true
          arrived.resolve()
          await opened.promise
        }
        await table.write(writes)
      },
    } satisfies Table,
  }
}

/** Whether one of the writes puts a row of the model. */
export const puts =
  (model: string) =>
  (writes: readonly Write[]): boolean =>
    writes.some((write) => 'put' in write && write.put.pk.startsWith(`${model}#`))
