import { randomUUID } from 'node:crypto'
import { createDeliveries, type NewDelivery, retryDefaults } from '../events/delivery.ts'
import { type Host, type LocalService, ServiceError } from '../service.ts'
import { scheduleActions, scheduleRoutes } from './actions.ts'
import { createClockwork } from './clockwork.ts'
import { inputOf, type Schedule, timingOf } from './schedule.ts'
import { keyOf, openSchedules, type ScheduleStore, takeOverTemplate } from './store.ts'

export type SchedulerOptions = {
  /** Milliseconds in a second of the back-off between retries: 1000, and less in tests. */
  secondMs?: number
}

export type SchedulerService = LocalService & {
  /** Carries out a schedule as if it were due now; for tests and the demo. */
  fireNow(name: string, groupName?: string): Promise<void>
  /** Carries out what is due by the host's clock; for tests that set it. */
  check(): Promise<void>
}

/**
 * EventBridge Scheduler: the schedules of the template and those made through its API.
 * @throws Error at once, naming every schedule of the template that cannot be hosted.
 */
export function createScheduler(host: Host, options: SchedulerOptions = {}): SchedulerService {
  const store = openSchedules(host)
  takeOverTemplate(host, store)
  const deliveries = createDeliveries({ host, service: 'scheduler', secondMs: options.secondMs ?? 1000 })
  const clockwork = createClockwork(host.now)
  const firing = new Set<Promise<void>>()

  const fire = async (schedule: Schedule, dueAt: Date): Promise<void> => {
    const delivered = deliveries.deliver(deliveryOf(schedule, dueAt))
    complete(store, schedule, dueAt)
    await delivered
  }
  const fireTracked = (schedule: Schedule, dueAt: Date): void => {
    const fired = fire(schedule, dueAt)
      .catch((error: unknown) =>
        host.log('error', 'a schedule failed', { arn: schedule.Arn, error: String(error) }),
      )
      .finally(() => firing.delete(fired))
    firing.add(fired)
  }

  const arm = (schedule: Schedule): void => {
    if (schedule.State === 'DISABLED') return clockwork.remove(keyOf(schedule))
    const timing = timingOf(schedule)
    const due = {
      nextAfter: (after: Date) => timing.next(after),
      fire: (dueAt: Date) => fireTracked(store.get(schedule.GroupName, schedule.Name) ?? schedule, dueAt),
    }
    clockwork.set(keyOf(schedule), due, host.now())
  }
  const disarm = (schedule: Schedule): void => clockwork.remove(keyOf(schedule))

  return {
    name: 'scheduler',
    actions: scheduleActions({ host, store, arm, disarm }),
    routes: scheduleRoutes,
    async start() {
      deliveries.resume()
      for (const schedule of store.all()) {
        const missedAt = missedTime(schedule, host.now())
        if (missedAt !== undefined) fireTracked(schedule, missedAt)
        else arm(schedule)
      }
    },
    async fireNow(name, groupName = 'default') {
      const schedule = store.get(groupName, name)
      if (schedule === undefined)
        throw new ServiceError('ResourceNotFoundException', `No schedule ${name}.`, 404)
      await fire(schedule, host.now())
    },
    async check() {
      clockwork.check()
      await Promise.all(firing)
    },
    async stop() {
      clockwork.stop()
      await deliveries.stop()
    },
  }
}

function deliveryOf(schedule: Schedule, dueAt: Date): NewDelivery {
  const { Target, Arn } = schedule
  const firing = { scheduleArn: Arn, dueAt: dueAt.toISOString(), executionId: randomUUID(), attempt: 1 }
  return {
    targetArn: Target.Arn,
    caller: { kind: 'role', roleArn: Target.RoleArn },
    input: inputOf(schedule, firing),
    retriesMax: Target.RetryPolicy?.MaximumRetryAttempts ?? retryDefaults.retriesMax,
    ageSecondsMax: Target.RetryPolicy?.MaximumEventAgeInSeconds ?? retryDefaults.ageSecondsMax,
    ...(Target.DeadLetterConfig?.Arn !== undefined && { deadLetterArn: Target.DeadLetterConfig.Arn }),
    deadLetterNotes: { SCHEDULE_ARN: Arn, SCHEDULED_TIME: firing.dueAt },
    isOwed: true,
  }
}

/** Notes that a one-time schedule is done, and deletes a schedule without further times that asked for it. */
function complete(store: ScheduleStore, schedule: Schedule, dueAt: Date): void {
  const timing = timingOf(schedule)
  if (schedule.ActionAfterCompletion === 'DELETE' && timing.next(dueAt) === undefined) store.remove(schedule)
  else if (timing.kind === 'at') store.put({ ...schedule, firedFor: dueAt.toISOString() })
}

/**
 * A one-time schedule whose time passed while nothing ran would never come again: it is made up, for as long as
 * AWS would go on trying. Recurring ones wait for their next time.
 */
function missedTime(schedule: Schedule, now: Date): Date | undefined {
  const timing = timingOf(schedule)
  if (timing.kind !== 'at' || schedule.State === 'DISABLED') return undefined
  const at = timing.next(new Date(schedule.LastModificationDate))
  if (at === undefined || at > now || schedule.firedFor === at.toISOString()) return undefined
  const ageSecondsMax = schedule.Target.RetryPolicy?.MaximumEventAgeInSeconds ?? retryDefaults.ageSecondsMax
  return now.getTime() - at.getTime() <= ageSecondsMax * 1000 ? at : undefined
}
