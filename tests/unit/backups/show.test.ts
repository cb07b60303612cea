import { expect, test } from 'vitest'
import { showResult, withLogsThatFit } from '../../../shared/backups/show.ts'

const result = (deviceId: number, lines: number) =>
  showResult({
    runId: 1,
    deviceId,
    name: `sw${deviceId}`,
    pass: 1,
    status: 'unchanged',
    attempts: [],
    finishedAt: '2026-11-21T12:00:00.000Z',
    elapsedMs: 10,
    events: Array.from({ length: lines }, () => ({
      at: '2026-11-21T12:00:00.000Z',
      level: 'info' as const,
      message: 'x'.repeat(200),
    })),
  })

test('a page of a thousand results with long logs stays below what a Lambda may answer, and says what it left out', () => {
  const results = Array.from({ length: 1000 }, (_, id) => result(id, 40))

  const page = withLogsThatFit(results)

  expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThan(4.5 * 1024 * 1024)
  expect(page).toHaveLength(1000)
  expect(page[0]).toEqual(results[0])
  expect(page.at(-1)?.log).toEqual([
    expect.objectContaining({ message: expect.stringContaining('left out') }),
  ])
})

test('a page of usual size is left as it is', () => {
  const results = Array.from({ length: 100 }, (_, id) => result(id, 10))

  expect(withLogsThatFit(results)).toEqual(results)
})
