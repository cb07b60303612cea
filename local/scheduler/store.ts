import { join } from 'node:path'
import * as z from 'zod'
import { openRecords } from '../records.ts'
import type { Host } from '../service.ts'
import { Schedule, ScheduleBody, timingOf } from './schedule.ts'

export type ScheduleStore = {
  get(groupName: string, name: string): Schedule | undefined
  all(): Schedule[]
  put(schedule: Schedule): void
  remove(schedule: Schedule): void
}

export const keyOf = ({ GroupName, Name }: Pick<Schedule, 'GroupName' | 'Name'>): string =>
  `${GroupName}/${Name}`

/** Schedules on disk: those of the API and those of the template. */
export function openSchedules(host: Host): ScheduleStore {
  const records = openRecords(join(host.dataDir, 'scheduler', 'schedules'), Schedule, (file, error) =>
    host.log('error', 'a schedule cannot be read', { file, error: String(error) }),
  )
  return {
    get: (GroupName, Name) => records.get(keyOf({ GroupName, Name })),
    all: () => records.all(),
    put: (schedule) => records.put(keyOf(schedule), schedule),
    remove: (schedule) => records.remove(keyOf(schedule)),
  }
}

/**
 * Makes the stored schedules of the template what the template says now. An unchanged one keeps the time a rate
 * counts from.
 * @throws Error naming every schedule that cannot be hosted.
 */
export function takeOverTemplate(host: Host, store: ScheduleStore): void {
  const complaints: string[] = []
  const declared = new Set<string>()
  const now = host.now().toISOString()
  for (const { name, groupName, arn, stack, logicalId, properties } of host.resources.schedules) {
    const key = { GroupName: groupName, Name: name }
    declared.add(keyOf(key))
    try {
      const body = ScheduleBody.parse(properties)
      const kept = store.get(groupName, name)
      const isSame = kept?.ScheduleExpression === body.ScheduleExpression
      const schedule: Schedule = {
        ...body,
        ...key,
        Arn: arn,
        CreationDate: isSame ? kept.CreationDate : now,
        LastModificationDate: isSame ? kept.LastModificationDate : now,
        fromTemplate: true,
        ...(isSame && kept.firedFor !== undefined && { firedFor: kept.firedFor }),
      }
      void timingOf(schedule)
      store.put(schedule)
    } catch (error) {
      const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error)
      complaints.push(`${stack}/${logicalId}: ${reason}`)
    }
  }
  if (complaints.length > 0) throw new Error(`schedules cannot be hosted:\n  ${complaints.join('\n  ')}`)
  for (const schedule of store.all()) {
    if (schedule.fromTemplate && !declared.has(keyOf(schedule))) store.remove(schedule)
  }
}
