import type * as z from 'zod'
import type { Engine } from '../../model/engine.ts'
import { keys } from '../../table/keys.ts'
import type { ShownNotification } from './routes.ts'
import { readRun } from '../runs/runs.ts'
import { NotificationItem } from './records.ts'

/** How the subscribers of a run were told, by name. @throws AppError `not_found` */
export async function readNotifications(
  engine: Engine,
  runId: number,
): Promise<z.input<typeof ShownNotification>[]> {
  await readRun(engine, runId)
  const partition = keys.notifications(runId)
  const items = await Array.fromAsync(engine.table.query(NotificationItem, { partition }))
  return items
    .sort((a, b) => a.name.localeCompare(b.name))
    .map(({ subscriptionId, name, error = null, ...item }) => ({
      subscription: { id: subscriptionId, name },
      channel: item.channel,
      status: item.status,
      attempts: item.attempts,
      changed: item.changed,
      failed: item.failed,
      noncompliant: item.noncompliant,
      conflicts: item.conflicts,
      at: item.at,
      error,
    }))
}
