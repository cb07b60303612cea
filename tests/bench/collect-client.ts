import { text } from 'node:stream/consumers'
import { collectDevice } from '../../shared/collect/collect-device.ts'
import type { Contest, Score } from './contest.ts'

/** netkeep's collector, as the Lambda runs it, over a list of devices with so many sessions at once. */
const contest = JSON.parse(await text(process.stdin)) as Contest
const queue = [...contest.devices]
const failures: string[] = []
let whole = 0
const startedMs = performance.now()
const cpuBefore = process.cpuUsage()

await Promise.all(Array.from({ length: contest.sessions }, worker))

const cpu = process.cpuUsage(cpuBefore)
const score: Score = {
  wallS: (performance.now() - startedMs) / 1000,
  cpuS: (cpu.user + cpu.system) / 1e6,
  whole,
  peakKiB: process.resourceUsage().maxRSS,
}
for (const failure of new Set(failures)) console.error(failure)
console.log(JSON.stringify(score))

async function worker(): Promise<void> {
  for (let device = queue.pop(); device !== undefined; device = queue.pop()) {
    const { host, port, username, password } = device
    const outcome = await collectDevice(
      { host, port, deviceType: 'cisco_ios', credentials: [{ id: 1, username, password }] },
      { now: () => new Date() },
    )
    if (!outcome.ok) failures.push(`${outcome.category}: ${outcome.detail}`)
    else if (outcome.running.trimEnd().endsWith('end')) whole += 1
  }
}
