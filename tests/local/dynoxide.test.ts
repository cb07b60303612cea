import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startDynamoDb } from '../../local/dynamodb/dynoxide.ts'
import { newFolder } from '../support/product.ts'

/** Somebody else's server, which answers whatever it is asked. */
async function startOther() {
  const server = createServer((_, response) => response.end('not a database'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, stop: () => server.close() }
}

async function unusedPort(): Promise<number> {
  const { port, stop } = await startOther()
  stop()
  return port
}

test('a port that another program takes first is given up for another one', async () => {
  const folder = newFolder('dynoxide')
  const other = await startOther()
  const ports = [other.port, await unusedPort()]
  const asked: number[] = []
  const findPort = async (): Promise<number> => {
    const port = ports.shift() ?? 0
    asked.push(port)
    return port
  }

  const database = await startDynamoDb(join(folder, 'table.sqlite'), findPort)

  expect(asked).toHaveLength(2)
  expect(database.endpoint).toBe(`http://127.0.0.1:${asked[1]}`)
  await database.stop()
  other.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('where every port is taken, what the database said is told', async () => {
  const other = await startOther()

  await expect(startDynamoDb(undefined, async () => other.port)).rejects.toThrow('already in use')
  other.stop()
})
