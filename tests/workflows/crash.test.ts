import { rmSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { apiCaller, type Api } from '../../local/demo/api.ts'
import type { Lab } from '../../local/lab/lab.ts'
import {
  endOfRun,
  expectAgreement,
  labOf,
  loadDevices,
  placeLab,
  startRun,
  type Run,
} from '../support/backups.ts'
import { newFolder, spawnProduct, until, type ProductProcess } from '../support/product.ts'

const deviceCount = 60
/** Statuses in which the whole process tree is killed; the delay moves the point within the phase. */
const moments = [
  { phase: 'queued', delayMs: 0 },
  { phase: 'collecting', delayMs: 0 },
  { phase: 'collecting', delayMs: 150 },
  { phase: 'collecting', delayMs: 300 },
  { phase: 'second_pass', delayMs: 0 },
  { phase: 'committing', delayMs: 0 },
  { phase: 'committing', delayMs: 30 },
] as const

describe('kill -9 of the whole process tree', () => {
  const dataDir = newFolder('crash')
  let lab: Lab
  let token: string
  let served: ProductProcess
  let api: Api
  let ids: Map<string, number>

  beforeAll(async () => {
    lab = await labOf(
      Array.from({ length: deviceCount }, (_, index) => ({
        name: `r${String(index).padStart(2, '0')}`,
        index,
        responseMs: 20,
        interfaces: 8,
        // One that makes a second pass.
        ...(index === 59 ? { fault: { kind: 'dead' as const } } : {}),
      })),
    )
    served = await spawnProduct(dataDir)
    token = execFileSync(process.execPath, ['local/create-admin.ts', '--data', dataDir], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .at(-1) as string
    api = apiCaller(served.url, token)
    ids = await loadDevices(api, placeLab(lab))
  })

  afterAll(async () => {
    await served?.kill()
    await lab?.stop()
    rmSync(dataDir, { recursive: true, force: true })
  })

  test.each(moments)('while $phase, $delayMs ms on, loses nothing', async ({ phase, delayMs }) => {
    for (const device of lab.devices) if (device.name !== 'r59') device.change()
    const runId = await startRun(api)
    await reach(runId, phase)
    await new Promise((resolve) => setTimeout(resolve, delayMs))

    await served.kill()
    served = await spawnProduct(dataDir)
    api = apiCaller(served.url, token)

    const ended = await endOfRun(api, runId)
    expect(['interrupted', 'partial', 'failed']).toContain(ended.status.value)
    await expectAgreement(agreement(), runId)
  })

  test('the next run goes through as if nothing had been', async () => {
    const run = await endOfRun(api, await startRun(api))

    expect(run).toMatchObject({ status: { value: 'partial' }, total: deviceCount, failed: 1 })
    await expectAgreement(agreement(), run.id)
  })

  /** Polls as fast as it can: the phases are short. A run that has already ended is taken as it is. */
  async function reach(runId: number, phase: string): Promise<void> {
    await until(`${phase} of run ${runId}`, async () => {
      const { status } = await api.get<Run>(`/backups/runs/${runId}/`)
      const past = ['success', 'partial', 'failed', 'interrupted'].includes(status.value)
      return status.value === phase || past ? true : undefined
    })
  }

  const agreement = () => ({ url: served.url, token, api, ids })
})
