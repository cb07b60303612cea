import { resolve } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createFunctions, type Functions } from '../../local/lambda/functions.ts'
import type { Use } from '../../local/service.ts'
import { newFolder } from '../support/product.ts'
import { removeDir } from '../support/small-cloud.ts'
import { declared, functionArn } from '../support/small-host.ts'

const arn = functionArn('Probe')
let functions: Functions | undefined
let uses: Use[] = []
const folder = newFolder('bounds')

afterEach(async () => {
  await functions?.stop()
  removeDir(folder)
})

test('invocations beyond the bound wait for their turn, all are carried out, and each is counted', async () => {
  functions = probe({ workers: 1, invocations: 2 })

  const atOnce = await crowd(functions, 6)

  expect(atOnce).toHaveLength(6)
  expect(Math.max(...atOnce)).toBe(2)
  expect(uses.filter(({ kind }) => kind === 'invocation')).toHaveLength(6)
})

test('a function without a bound takes them all at once, and its heap can be looked at', async () => {
  functions = probe(undefined)

  const atOnce = await crowd(functions, 6)

  expect(Math.max(...atOnce)).toBe(6)
  const [heap = 0] = (await functions.heaps()).get('Probe') ?? []
  expect(heap).toBeGreaterThan(1_000_000)
})

test('one that was stopped while it waited does not run', async () => {
  functions = probe({ workers: 1, invocations: 1 })
  const stop = new AbortController()
  const first = functions.run(arn, JSON.stringify({ do: 'sleep', ms: 200 }))
  const second = functions.run(arn, JSON.stringify({ do: 'count' }), { signal: stop.signal })

  stop.abort()

  expect((await first).payload).toBe('"slept"')
  expect((await second).payload).toContain('The invocation was stopped')
  expect((await functions.run(arn, JSON.stringify({ do: 'count' }))).payload).toBe('1')
})

function probe(bounds: { workers: number; invocations: number } | undefined): Functions {
  uses = []
  const resource = {
    ...declared,
    name: 'Probe',
    arn,
    entry: 'tests/local/functions/probe.ts',
    handler: 'handler',
    roleArn: 'arn:aws:iam::000000000000:role/probe',
    memoryMegabytes: 128,
    timeoutSeconds: 30,
    environment: {},
  }
  return createFunctions({
    resources: [resource] as never,
    projectDir: resolve(import.meta.dirname, '../..'),
    logDir: folder,
    reservedEnvironment: () => ({}),
    now: () => new Date(),
    log: () => {},
    used: (use) => void uses.push(use),
    boundsOf: () => bounds,
  })
}

async function crowd(functions: Functions, count: number): Promise<number[]> {
  const order = JSON.stringify({ do: 'crowd', ms: 100 })
  const answers = await Promise.all(Array.from({ length: count }, () => functions.run(arn, order)))
  return answers.map(({ payload }) => Number(payload))
}
