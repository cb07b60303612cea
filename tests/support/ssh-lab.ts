import { afterAll } from 'vitest'
import type { LabDevice } from '../../local/lab/device.ts'
import { startLab, type Lab, type LabRouter } from '../../local/lab/lab.ts'
import { collectDevice } from '../../shared/collect/collect-device.ts'
import type { Outcome } from '../../shared/collect/outcome.ts'
import type { CollectRequest } from '../../shared/collect/request.ts'

/** The login that every lab device of the tests knows. */
export const login = { username: 'netops', password: 'correct-horse-1' } as const
export const credential = { id: 1, ...login } as const

/** Stopped after the file: tests that run at once share no hook that could tell them apart. */
const labs: Lab[] = []
afterAll(() => Promise.all(labs.map((lab) => lab.stop())))

/** One simulated device for one test. */
export async function startDevice(device: Partial<LabDevice> = {}): Promise<LabRouter> {
  const lab = await startLab({
    devices: [{ name: 'core1', deviceType: 'cisco_ios', logins: [login], ...device }],
  })
  labs.push(lab)
  const [router] = lab.devices
  if (!router) throw new Error('the lab started no device')
  return router
}

/** Backs it up with limits that make a silence short enough for a test. */
export function collectFrom(router: LabRouter, request: Partial<CollectRequest> = {}): Promise<Outcome> {
  const limits = { idleMs: 3000, startMs: 3000, promptMs: 3000, loginMs: 2000, ...request.limits }
  const { host, port, deviceType } = router
  return collectDevice(
    { host, port, deviceType, credentials: [credential], ...request, limits },
    { now: () => new Date() },
  )
}
