import { expect, test } from 'vitest'
import { Inbox } from '../../../shared/collect/inbox.ts'
import type { Channel } from '../../../shared/collect/channel.ts'

test('a patience that shrinks with what has come holds from then on', async () => {
  const listeners: ((chunk: Uint8Array) => void)[] = []
  const channel: Channel = {
    write: () => undefined,
    onData: (listener) => void listeners.push(listener),
    onClose: () => undefined,
    close: () => undefined,
  }
  const inbox = new Inbox(channel, 1_000_000)
  const startedMs = performance.now()
  setTimeout(() => listeners.forEach((listener) => listener(Buffer.from('some lines\r\n'))), 20)

  const seen = await inbox.wait(
    () => false,
    () => (inbox.bytes > 0 ? 100 : 60_000),
  )

  expect(seen).toBe(false)
  expect(performance.now() - startedMs).toBeLessThan(10_000)
})
