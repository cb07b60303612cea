import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { backUp, login } from '../support/backups.ts'
import { startFleet, type Fleet } from '../support/fleet.ts'
import { endOfJob } from '../support/imports.ts'
import { newFolder, until } from '../support/product.ts'
import {
  startMailReceiver,
  startWebhookReceiver,
  type MailReceiver,
  type Receiver,
} from '../support/receivers.ts'

type Notification = {
  subscription: { id: number; name: string }
  status: string
  attempts: number
  changed: number
  failed: number
  error: string | null
}

const relayLogin = { username: 'relay', password: 'Relay-Password-1' }
const folder = newFolder('certificate')
let fleet: Fleet
let mails: MailReceiver
let hook: Receiver
let firstRun: number
const topicArn = 'arn:aws:sns:us-east-1:123456789012:network'
const otherTopicArn = topicArn.replace('network', 'elsewhere')

/** A certificate for 127.0.0.1 that only its own authority, itself, vouches for. */
function makeCertificate(): { key: string; cert: string } {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
  const options = [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-keyout',
    key,
    '-out',
    cert,
  ]
  execFileSync('openssl', [...options, ...subject], { stdio: 'ignore' })
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
}

beforeAll(async () => {
  const tls = makeCertificate()
  ;[fleet, mails, hook] = await Promise.all([
    startFleet(4, { notificationTopicArns: topicArn }),
    startMailReceiver({ tls, login: relayLogin }),
    startWebhookReceiver([204, 503]),
  ])
  const { api } = fleet.product
  await api.post('/extras/tags/', [{ name: 'core', slug: 'core' }])
  await api.post('/backups/mail-servers/', {
    name: 'relay',
    host: '127.0.0.1',
    port: mails.port,
    sender: 'netkeep@example.net',
    ca_certificate: tls.cert,
    ...relayLogin,
  })
  await api.post('/backups/subscriptions/', [
    {
      name: 'mailed',
      channel: 'mail',
      destination: 'ops@example.net',
      mail_server: { name: 'relay' },
      on_failure: true,
    },
    {
      name: 'hooked',
      channel: 'webhook',
      destination: `http://127.0.0.1:${hook.port}/netkeep`,
      secret: 'sixteen-letters-or-more',
    },
    {
      name: 'of a tag nobody has',
      channel: 'webhook',
      destination: 'http://127.0.0.1:1/',
      tags: [{ slug: 'core' }],
    },
    { name: 'off', enabled: false, channel: 'sns', destination: topicArn },
    { name: 'wrong', channel: 'webhook', destination: 'http://169.254.169.254/latest/' },
    { name: 'published', channel: 'sns', destination: topicArn, on_conflict: true },
    { name: 'published elsewhere', channel: 'sns', destination: otherTopicArn },
  ])
  firstRun = (await backUp(api)).id
})

afterAll(async () => {
  await Promise.all([fleet?.product.stop(), fleet?.lab.stop(), mails?.stop(), hook?.stop()])
  rmSync(folder, { recursive: true, force: true })
})

const published = (): {
  subject: string
  message: { default: string; email: string }
  attributes: unknown
}[] =>
  readFileSync(join(fleet.product.dataDir, 'topics', 'network.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

/** They are told after the run has ended. */
const told = (run: number): Promise<Notification[]> =>
  until(`the notifications of run ${run}`, async () => {
    const all = await fleet.product.api.get<Notification[]>(`/backups/runs/${run}/notifications/`)
    return all.length === 5 && all.every(({ status }) => status !== 'sending') ? all : undefined
  })

test('a run tells its subscribers, by mail over TLS with a login, by webhook and by topic, and says whom it could not tell', async () => {
  expect(await told(firstRun)).toMatchObject([
    { subscription: { name: 'hooked' }, status: 'sent', attempts: 1, changed: 4, failed: 0, error: null },
    { subscription: { name: 'mailed' }, status: 'sent', attempts: 1, changed: 4 },
    {
      subscription: { name: 'published' },
      status: 'sent',
      attempts: 1,
      changed: 4,
      conflicts: 4,
      error: null,
    },
    {
      subscription: { name: 'published elsewhere' },
      status: 'failed',
      attempts: 1,
      error: expect.stringContaining(
        `the deployment may not publish to ${otherTopicArn}: add it to notificationTopicArns`,
      ),
    },
    {
      subscription: { name: 'wrong' },
      status: 'failed',
      error: expect.stringContaining('nothing is sent to'),
    },
  ])
  expect(mails.mails).toMatchObject([
    { to: ['ops@example.net'], user: relayLogin.username, isEncrypted: true },
  ])
  expect(mails.mails[0]?.text).toContain('sw00: first backup')
  const line = await until('the line in the log of the run', async () => {
    const log = await fleet.product.api.get<{ lines: { message: string }[] }>(
      `/backups/runs/${firstRun}/log/`,
    )
    return log.lines.find(({ message }) => message.includes('notified'))
  })
  expect(line.message).toMatch(/^3 notified, 2 not: wrong: .*; published elsewhere: /)
})

test('a change is told with its diff and without any secret; a receiver that stumbles is tried again', async () => {
  fleet.lab.devices[1]?.change()
  const run = await backUp(fleet.product.api)

  expect(await told(run.id)).toMatchObject([
    { subscription: { name: 'hooked' }, status: 'sent', attempts: 2, changed: 1 },
    { subscription: { name: 'mailed' }, status: 'sent', changed: 1 },
    { subscription: { name: 'published' }, status: 'sent', changed: 1, conflicts: 0 },
    { subscription: { name: 'published elsewhere' }, status: 'failed' },
    { subscription: { name: 'wrong' }, status: 'failed' },
  ])
  const body = hook.received.at(-1)?.body ?? ''
  const [change] = (
    JSON.parse(body) as { changed: { diff: string; added: number; device: { name: string } }[] }
  ).changed
  expect(change).toMatchObject({ device: { name: 'sw01' }, added: 2 })
  expect(change?.diff).toMatch(/^--- ams\/sw01.*\n\+\+\+ ams\/sw01/)
  const publication = published().at(-1)
  expect(publication?.subject).toBe('netkeep: 1 changed: sw01')
  expect(publication?.attributes).toMatchObject({
    event: { StringValue: 'backup_run' },
    subscription: { DataType: 'String', StringValue: 'published' },
    run: { DataType: 'Number', StringValue: String(run.id) },
    changed: { DataType: 'Number', StringValue: '1' },
    failed: { StringValue: '0' },
    noncompliant: { StringValue: '0' },
    conflicts: { StringValue: '0' },
  })
  const texts = publication?.message ?? { default: '', email: '' }
  expect(JSON.parse(texts.default)).toMatchObject({ event: 'backup_run', changed: [{ diff: change?.diff }] })
  for (const text of [body, mails.mails.at(-1)?.text ?? '', texts.default, texts.email]) {
    expect(text).toContain('sw01')
    for (const secret of [login.password, relayLogin.password]) expect(text).not.toContain(secret)
  }
})

test('a run without changes and failures tells nobody', async () => {
  const before = mails.mails.length
  const quiet = await backUp(fleet.product.api)
  fleet.lab.devices[2]?.change()
  await told((await backUp(fleet.product.api)).id)

  expect(mails.mails.slice(before)).toHaveLength(1)
  expect(mails.mails.at(-1)?.text).toContain('sw02')
  expect(await fleet.product.api.get(`/backups/runs/${quiet.id}/notifications/`)).toEqual([])
})

test('a test message is sent at once to who is asked about, switched off or not, and the job says whether it was delivered', async () => {
  const { api, token, runtime } = fleet.product
  const all = await api.get<{ results: { id: number; name: string }[] }>('/backups/subscriptions/')
  const idOf = (name: string): number => all.results.find((one) => one.name === name)?.id ?? 0
  const before = { mails: mails.mails.length, published: published().length }

  const ends = await Promise.all(
    ['hooked', 'mailed', 'off', 'published elsewhere'].map(async (name) => {
      const job = await api.post<{ id: number }>(`/backups/subscriptions/${idOf(name)}/test/`, {})
      const { state, result } = await endOfJob(api, job.id)
      return { name, state, ...result }
    }),
  )

  const delivered = { state: { value: 'completed' }, delivered: true, attempts: 1, error: null }
  expect(ends).toMatchObject([
    { name: 'hooked', ...delivered },
    { name: 'mailed', ...delivered },
    { name: 'off', ...delivered },
    {
      name: 'published elsewhere',
      state: { value: 'completed' },
      delivered: false,
      attempts: 1,
      error: expect.stringContaining('may not publish'),
    },
  ])
  expect(JSON.parse(hook.received.at(-1)?.body ?? '')).toMatchObject({
    event: 'test',
    subscription: 'hooked',
  })
  expect(mails.mails).toHaveLength(before.mails + 1)
  expect(mails.mails.at(-1)?.text).toContain('test of the subscription mailed')
  expect(published()).toHaveLength(before.published + 1)
  expect(published().at(-1)).toMatchObject({
    subject: 'netkeep: test of the subscription off',
    attributes: { event: { StringValue: 'test' }, subscription: { StringValue: 'off' } },
  })
  const unknown = await fetch(`${runtime.url}/api/backups/subscriptions/999999/test/`, {
    method: 'POST',
    headers: { authorization: `Token ${token}` },
  })
  expect(unknown.status).toBe(404)
})
