import { once } from 'node:events'
import net from 'node:net'
import { createInterface } from 'node:readline'
import { Worker } from 'node:worker_threads'
import type { LabDevice } from '../../../local/lab/device.ts'
import { startLab, type LabRouter } from '../../../local/lab/lab.ts'
import { shareOf } from './shares.ts'

/**
 * A part of the simulated devices, in a process of their own. Takes its job as an argument, prints where the devices
 * are, then obeys one word a line: `trip` and `change` (see shares.ts), `cpu`. Ends with its standard input.
 */
export type LabJob = { from: number; count: number; responseMs: number; interfaces: number; password: string }
export type LabPlace = { name: string; host: string; port: number; index: number }

/** As many as the queue of the silent host takes: 1 and the one that the kernel adds, with some to spare. */
const queueFillers = 4
const dropAfterLines = 400

const job = JSON.parse(process.argv[2] ?? '{}') as LabJob
const indices = Array.from({ length: job.count }, (_, offset) => job.from + offset)
const alive = indices.filter((index) => shareOf(index) !== 'dead')
const lab = await startLab({ devices: alive.map(deviceOf) })
const routers = new Map(alive.map((index, at) => [index, lab.devices[at] as LabRouter]))
const silent = await startSilentHost()

say(
  indices.map((index): LabPlace => {
    const { host, port } = routers.get(index) ?? silent
    return { name: nameOf(index), host, port, index }
  }),
)

const orders: Readonly<Record<string, () => unknown>> = {
  trip: () =>
    withShare('transient', (router) =>
      router.setFault({ kind: 'drop', afterLines: dropAfterLines, once: true }),
    ),
  change: () => withShare('changed', (router) => router.change()),
  cpu: () => {
    const { user, system } = process.cpuUsage()
    return { cpuS: (user + system) / 1e6, rssBytes: process.memoryUsage.rss() }
  },
}
for await (const line of createInterface(process.stdin)) say(orders[line]?.() ?? null)
await Promise.all([lab.stop(), silent.stop()])
process.exit(0)

function withShare(share: ReturnType<typeof shareOf>, act: (router: LabRouter) => void): number {
  const chosen = alive.filter((index) => shareOf(index) === share)
  for (const index of chosen) act(routers.get(index) as LabRouter)
  return chosen.length
}

function deviceOf(index: number): LabDevice {
  const password = shareOf(index) === 'wrongPassword' ? 'nobody-knows-it' : job.password
  return {
    name: nameOf(index),
    deviceType: 'cisco_ios',
    logins: [{ username: 'backup', password }],
    responseMs: job.responseMs,
    interfaces: job.interfaces,
    index,
  }
}

function nameOf(index: number): string {
  return `r${String(index).padStart(5, '0')}`
}

async function startSilentHost(): Promise<{ host: string; port: number; stop(): Promise<unknown> }> {
  const thread = new Worker(new URL('silent-host.ts', import.meta.url))
  const [port] = (await once(thread, 'message')) as [number]
  const host = '127.0.0.1'
  const fillers = Array.from({ length: queueFillers }, () =>
    net.connect({ host, port }).on('error', () => {}),
  )
  return {
    host,
    port,
    stop: () => {
      for (const filler of fillers) filler.destroy()
      return thread.terminate()
    },
  }
}

function say(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}
