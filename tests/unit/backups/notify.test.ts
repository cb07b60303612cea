import { createHmac } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { deliver, DeliveryError } from '../../../shared/backups/notify/delivery.ts'
import { destinationProblems } from '../../../shared/backups/notify/destination.ts'
import { sendMail } from '../../../shared/backups/notify/mail.ts'
import { mailOf, type RunMessage } from '../../../shared/backups/notify/message.ts'
import { selectFor, type Choice, type Concerned } from '../../../shared/backups/notify/select.ts'
import { postWebhook } from '../../../shared/backups/notify/webhook.ts'
import { startMailReceiver, startWebhookReceiver } from '../../support/receivers.ts'

const started: { stop(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of started.splice(0)) await one.stop()
})
const kept = async <T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
  const one = await starting
  started.push(one)
  return one
}

const message: RunMessage = {
  event: 'backup_run',
  subscription: 'core team',
  run: { id: 7, status: 'partial', requested_by: 'ops', started: null, finished: '2026-11-26T08:00:00.000Z' },
  changed: [
    {
      device: { id: 1, name: 'sw1' },
      version: 3,
      significant: true,
      added: 1,
      removed: 1,
      diff: '--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n',
      is_cut: false,
    },
    {
      device: { id: 2, name: 'sw2' },
      version: 1,
      significant: true,
      added: null,
      removed: null,
      diff: null,
      is_cut: false,
    },
  ],
  failed: [{ device: { id: 3, name: 'sw3' }, category: 'auth', detail: 'permission denied' }],
  noncompliant: [
    {
      device: { id: 1, name: 'sw1' },
      rules: [
        {
          rule: { id: 5, name: 'no telnet', severity: 'high' },
          number: 12,
          text: 'transport input telnet',
          missing: false,
        },
      ],
    },
  ],
  conflicts: [
    {
      device: { id: 4, name: 'sw4' },
      fields: [
        { field: 'serial', kind: 'differs', inventory: 'B2', observed: 'A1' },
        { field: 'platform', kind: 'missing', inventory: '', observed: 'cisco_ios' },
      ],
    },
  ],
  left_out: 4,
}

const everything: Choice = {
  on_change: true,
  significant_only: false,
  on_failure: false,
  on_noncompliance: false,
  on_conflict: false,
  sites: [],
  tags: [],
}

describe('who is told', () => {
  const concerned: Concerned[] = [
    { deviceId: 1, name: 'a', status: 'changed', siteId: 10, tagIds: [100] },
    { deviceId: 2, name: 'b', status: 'failed', siteId: 10, tagIds: [] },
    { deviceId: 3, name: 'c', status: 'changed', siteId: 11, tagIds: [100, 101] },
    { deviceId: 4, name: 'gone', status: 'changed', siteId: undefined, tagIds: [] },
  ]
  const choose = (choice: Partial<Parameters<typeof selectFor>[0]>): string[] =>
    selectFor({ ...everything, on_failure: true, ...choice }, concerned).map(({ name }) => name)

  test('everybody of everything, or by event, site and tag', () => {
    expect(choose({})).toEqual(['a', 'b', 'c', 'gone'])
    expect(choose({ on_failure: false })).toEqual(['a', 'c', 'gone'])
    expect(choose({ on_change: false })).toEqual(['b'])
    expect(choose({ sites: [10] })).toEqual(['a', 'b'])
    expect(choose({ tags: [101, 100] })).toEqual(['a', 'c'])
    expect(choose({ tags: [100], sites: [11] })).toEqual(['c'])
  })

  test('of changes, only of significant ones where that is asked for, and of all else all the same', () => {
    const head = { deviceId: 1, siteId: 10, tagIds: [] }
    const heads: Concerned[] = [
      { ...head, name: 'noise', status: 'changed', significant: false },
      { ...head, name: 'noise that fails rules', status: 'noncompliant', significant: false },
      { ...head, name: 'change', status: 'changed' },
      { ...head, name: 'failure', status: 'failed' },
    ]
    const all = { ...everything, on_failure: true, on_noncompliance: true }
    const told = (significant_only: boolean): string[] =>
      selectFor({ ...all, significant_only }, heads).map(({ name }) => name)

    expect(told(true)).toEqual(['noise that fails rules', 'change', 'failure'])
    expect(told(false)).toEqual(['noise', 'noise that fails rules', 'change', 'failure'])
  })

  test('a device that fails rules since is told to who asked for that, changes or not', () => {
    const failing: Concerned = { deviceId: 1, name: 'a', status: 'noncompliant', siteId: 10, tagIds: [] }
    const statuses = (on_change: boolean, on_noncompliance: boolean): string[] =>
      selectFor({ ...everything, on_change, on_failure: true, on_noncompliance }, [
        { ...failing, status: 'changed' },
        failing,
      ]).map(({ status }) => status)

    expect(statuses(false, true)).toEqual(['noncompliant'])
    expect(statuses(true, true)).toEqual(['changed', 'noncompliant'])
    expect(statuses(true, false)).toEqual(['changed'])
  })

  test('a device that says something else than the inventory is told to who asked for that, at their sites', () => {
    const one: Concerned = { deviceId: 1, name: 'a', status: 'conflicting', siteId: 10, tagIds: [] }
    const told = (choice: Partial<Choice>): number => selectFor({ ...everything, ...choice }, [one]).length

    expect([told({}), told({ on_conflict: true }), told({ on_conflict: true, sites: [11] })]).toEqual([
      0, 1, 0,
    ])
  })
})

describe('a destination', () => {
  const problems = (values: Record<string, unknown>): string[] =>
    destinationProblems({ channel: 'mail', mail_server: 1, ...values } as never).map(
      ({ message: text }) => text,
    )

  test('is mail addresses and a server, or a URL without a login', () => {
    expect(problems({ destination: 'a@example.net, b@example.net' })).toEqual([])
    expect(problems({ destination: 'a@example.net,nobody' })).toEqual(['"nobody" is not a mail address.'])
    expect(problems({ destination: ' , ' })).toHaveLength(1)
    expect(problems({ destination: 'a@example.net', mail_server: null })).toHaveLength(1)
    expect(problems({ channel: 'webhook', destination: 'https://hooks.example.net/x' })).toEqual([])
    for (const destination of ['hooks.example.net', 'ftp://example.net/', 'https://user:word@example.net/'])
      expect(problems({ channel: 'webhook', destination })).toHaveLength(1)
  })
})

describe('attempts', () => {
  test('are made again, with longer pauses, where that may help', async () => {
    const pauses: number[] = []
    const sleep = async (ms: number): Promise<void> => void pauses.push(ms)
    let left = 2
    const send = async (): Promise<void> => {
      left -= 1
      if (left >= 0) throw new DeliveryError('busy', true)
    }
    expect(await deliver(send, sleep)).toEqual({ attempts: 3 })
    expect(pauses).toEqual([1000, 4000])
    const never = async (): Promise<void> => Promise.reject(new DeliveryError('busy', true))
    expect(await deliver(never, sleep)).toEqual({ attempts: 3, error: 'busy' })
    const refused = async (): Promise<void> => Promise.reject(new DeliveryError('no', false))
    expect(await deliver(refused, sleep)).toEqual({ attempts: 1, error: 'no' })
  })
})

describe('a webhook', () => {
  const at = new Date('2026-11-26T08:00:00Z')
  const post = (port: number, secret?: string): Promise<void> =>
    postWebhook({ url: `http://127.0.0.1:${port}/hook?x=1`, secret, deliveryId: '7-9', at }, message)

  test('is the message as JSON, signed over time and body', async () => {
    const { port, received } = await kept(startWebhookReceiver())

    await post(port, 'sixteen-letters-')

    const [{ headers, body } = { headers: {}, body: '' }] = received
    expect(JSON.parse(body)).toEqual(message)
    const expected = createHmac('sha256', 'sixteen-letters-').update(`1795680000.${body}`).digest('hex')
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'x-netkeep-delivery': '7-9',
      'x-netkeep-timestamp': '1795680000',
      'x-netkeep-signature': `sha256=${expected}`,
    })
  })

  test('without a secret has no signature; redirections are not followed; 4xx is meant, 5xx may pass', async () => {
    const { port, received } = await kept(startWebhookReceiver([204, 302, 404, 503, 429]))

    await post(port)
    expect(received[0]?.headers).not.toHaveProperty('x-netkeep-signature')
    await expect(post(port)).rejects.toMatchObject({ message: 'the webhook answered 302', isPassing: false })
    await expect(post(port)).rejects.toMatchObject({ isPassing: false })
    await expect(post(port)).rejects.toMatchObject({ isPassing: true })
    await expect(post(port)).rejects.toMatchObject({ isPassing: true })
  })

  test('to nobody may be tried again, to a forbidden address may not', async () => {
    const gone = await startWebhookReceiver()
    await gone.stop()
    await expect(post(gone.port)).rejects.toMatchObject({
      isPassing: true,
      message: expect.stringContaining('ECONNREFUSED'),
    })
    const url = 'http://169.254.169.254/latest/meta-data/'
    await expect(postWebhook({ url, secret: undefined, deliveryId: '1-1', at }, {})).rejects.toMatchObject({
      isPassing: false,
      message: expect.stringContaining('nothing is sent to'),
    })
  })
})

describe('a mail', () => {
  const relay = {
    host: '127.0.0.1',
    security: 'none',
    sender: 'netkeep@example.net',
    ca_certificate: '',
    username: '',
    password: undefined,
  } as const

  test('tells failures first, then changes with their diffs', () => {
    const { subject, text } = mailOf(message)

    expect(subject).toBe(
      'netkeep: 2 changed, 1 failed, 1 not compliant, 1 unlike the inventory: sw1, sw2, sw3, …',
    )
    expect(text).toContain('- sw1: no telnet [high]: found (line 12): transport input telnet\n')
    expect(text.indexOf('sw3: auth: permission denied')).toBeLessThan(
      text.indexOf('sw1: version 3 (+1 -1 lines)'),
    )
    expect(text).toContain('    -x\n    +y\n')
    expect(text).toContain('- sw2: first backup')
    expect(text).toContain('- sw4: serial is A1, the inventory has B2\n')
    expect(text).toContain('- sw4: platform is cisco_ios, the inventory has none\n')
    expect(text).toContain('4 more devices are left out')
  })

  test('reaches a real server, to every recipient', async () => {
    const { port, mails } = await kept(startMailReceiver())

    await sendMail({ ...relay, port }, { to: ['a@example.net', 'b@example.net'], id: '7-9', message })

    expect(mails).toMatchObject([
      { from: 'netkeep@example.net', to: ['a@example.net', 'b@example.net'], isEncrypted: false },
    ])
    expect(mails[0]?.text).toContain('Message-ID: <7-9@example.net>')
  })

  test('is given to no server that does not encrypt, nor to one that nobody vouches for', async () => {
    const plain = await kept(startMailReceiver())
    const unknown = await kept(startMailReceiver({ offersTls: true }))
    const mail = { to: ['a@example.net'], id: '1-1', message }

    for (const { port } of [plain, unknown])
      await expect(sendMail({ ...relay, security: 'starttls', port }, mail)).rejects.toThrow(
        'the mail was not taken',
      )
    expect([...plain.mails, ...unknown.mails]).toEqual([])
  })
})
