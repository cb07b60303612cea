import { createEvents, type EventsService } from './events/service.ts'
import { createKms } from './kms/kms.ts'
import { createScheduler, type SchedulerService } from './scheduler/service.ts'
import type { Host, LocalService } from './service.ts'
import { createSns } from './sns/sns.ts'
import { createSources } from './sources/service.ts'
import { createStates } from './states/service.ts'

export type Services = {
  events: EventsService
  scheduler: SchedulerService
  all: readonly LocalService[]
}

/** Every hosted service, in the order of their start: who is called by others starts before them. */
export function createServices(host: Host, workflowSecondMs = 1000): Services {
  const events = createEvents(host)
  const scheduler = createScheduler(host)
  const kms = createKms(host.dataDir, host.resources.keys, host.now)
  return {
    events,
    scheduler,
    all: [
      kms,
      createSns(host),
      createStates(host, { secondMs: workflowSecondMs }),
      events,
      scheduler,
      createSources(host),
    ],
  }
}
