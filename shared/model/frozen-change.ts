import { atMost } from '../concurrency.ts'
import { AppError } from '../errors.ts'
import type { Model } from './define.ts'
import { beginChange, changeIsOurs, reopenIfOurs } from './deletion-intent.ts'
import type { Engine } from './engine.ts'
import type { Draft } from './prepare.ts'
import { frozenChanges, frozenIssues } from './standing-rules.ts'

/**
 * A field that others rely on is changed in steps: the row is closed to them, its references are read with certainty,
 * the row is written, and opened again under a new version. A child that read the row before it was closed misses that
 * version, and reads it again.
 */

/** As many as could ever share one transaction: each takes three of its members at least. */
const closedMax = 33
const closedAtOnce = 8

const isClosing = (model: Model, draft: Draft): boolean => frozenChanges(model, draft).length > 0

/** Divides drafts so that no portion has more frozen changes than are closed at the same time. */
export function portionsOf(model: Model, drafts: readonly Draft[]): Draft[][] {
  const portions: Draft[][] = []
  let portion: Draft[] = []
  let closing = 0
  for (const draft of drafts) {
    portion.push(draft)
    closing += isClosing(model, draft) ? 1 : 0
    if (closing < closedMax) continue
    portions.push(portion)
    portion = []
    closing = 0
  }
  return portion.length === 0 ? portions : [...portions, portion]
}

/**
 * Writes drafts while those of them that change what others rely on are closed to new children.
 * @throws AppError `write_conflict` where a child was faster: the next look at the row says which.
 */
export async function whileClosed(
  engine: Engine,
  model: Model,
  drafts: readonly Draft[],
  write: () => Promise<void>,
): Promise<void> {
  const tokens = new Map<Draft, number>()
  const inTurn = atMost(closedAtOnce)
  const close = async (draft: Draft): Promise<void> => {
    tokens.set(draft, await beginChange(engine, model, draft.after.id))
    const [issue] = await frozenIssues(engine, model, draft)
    if (issue !== undefined) throw new AppError('write_conflict', issue.message)
  }
  try {
    // All are waited for, so that each that was closed is opened again.
    const closing = drafts.filter((draft) => isClosing(model, draft))
    const closed = await Promise.allSettled(closing.map((draft) => inTurn(() => close(draft))))
    for (const one of closed) if (one.status === 'rejected') throw one.reason
    for (const [draft, token] of tokens) {
      draft.more = [...(draft.more ?? []), changeIsOurs(model, draft.after.id, token)]
    }
    await write()
  } finally {
    await Promise.all(
      [...tokens].map(([{ after }, token]) => inTurn(() => open(engine, model, after.id, token))),
    )
  }
}

/** What was written stays written, and whoever finds the row closed opens it after a while. */
async function open(engine: Engine, model: Model, id: number, token: number): Promise<void> {
  try {
    await reopenIfOurs(engine, model, id, token)
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause
  }
}
