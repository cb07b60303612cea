import { afterAll, beforeAll, expect, test } from 'vitest'
import { subscription } from '../../../shared/backups/models/subscription.ts'
import { runSubscriptionTest } from '../../../shared/backups/notify/run-test.ts'
import { subscriptionTest } from '../../../shared/backups/notify/test-job.ts'
import type { Publication } from '../../../shared/backups/notify/topic.ts'
import { createJob, readJob } from '../../../shared/core/jobs.ts'
import { deleteRows } from '../../../shared/model/deletion.ts'
import { createRows } from '../../../shared/model/records.ts'
import { actor, startEngine, type TestEngine } from '../../support/engine.ts'
import { keyServiceOf } from '../../support/key-service.ts'

const destination = 'arn:aws:sns:eu-central-1:123456789012:network.fifo'
let started: TestEngine
let published: Publication[] = []
/** How often the topic is busy before it takes a message. */
let busy = 0

beforeAll(async () => {
  started = await startEngine()
})
afterAll(() => started.stop())

const topics = {
  async publish(publication: Publication): Promise<void> {
    busy -= 1
    if (busy >= 0) throw Object.assign(new Error('slow down'), { name: 'ThrottledException' })
    published.push(publication)
  },
}

async function subscribe(name: string): Promise<number> {
  const [row] = await createRows(started.engine, subscription, [{ name, channel: 'sns', destination }], {
    actor,
  })
  return row?.id ?? 0
}

async function run(jobId: number) {
  const stores = { engine: started.engine, keyService: keyServiceOf(), topics, sleep: async () => undefined }
  await runSubscriptionTest(stores, { jobId, execution: `e-${jobId}` })
  return readJob(started.engine, jobId)
}

test('a test that the topic takes late tells how often it was tried; one that it never takes, why', async () => {
  const id = await subscribe('late')
  const ask = async () => createJob(started.engine, await subscriptionTest(started.engine, id, actor))
  published = []

  busy = 2
  const first = await ask()
  const taken = await run(first.id)
  busy = 3
  const refused = await run((await ask()).id)

  expect(taken).toMatchObject({
    state: 'completed',
    kind: 'subscription_test',
    result: { delivered: true, attempts: 3, error: null },
  })
  expect(refused).toMatchObject({
    state: 'completed',
    result: { delivered: false, attempts: 3, error: expect.stringContaining('slow down') as unknown },
  })
  expect(published).toMatchObject([
    {
      attributes: { event: 'test', subscription: 'late' },
      order: { groupId: `subscription-${id}`, deduplicationId: `test-${first.id}` },
    },
  ])
  await expect(run(first.id)).rejects.toMatchObject({ code: 'job_finished' })
})

test('a subscription that is gone meanwhile fails the job, and one that never was begins none', async () => {
  const id = await subscribe('short-lived')
  const { id: jobId } = await createJob(started.engine, await subscriptionTest(started.engine, id, actor))
  await deleteRows(started.engine, subscription, [{ id }], { actor })

  expect(await run(jobId)).toMatchObject({ state: 'failed', error: 'the subscription was deleted' })
  await expect(subscriptionTest(started.engine, id, actor)).rejects.toMatchObject({ code: 'not_found' })
})
