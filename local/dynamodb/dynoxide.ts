import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export type DynamoDbServer = { endpoint: string; pid: number | undefined; stop(): Promise<void> }

const startMsMax = 15_000

/**
 * Starts dynoxide, or uses the endpoint the environment names (`AWS_ENDPOINT_URL_DYNAMODB`).
 * @param databaseFile where the data lives; without it in memory.
 */
export async function startDynamoDb(databaseFile?: string): Promise<DynamoDbServer> {
  const given = process.env['AWS_ENDPOINT_URL_DYNAMODB']
  if (given !== undefined) return { endpoint: given, pid: undefined, stop: async () => {} }
  const port = await freePort()
  const binary = dynoxideBinary()
  const child = spawn(
    binary,
    ['--host', '127.0.0.1', '--port', String(port), ...(databaseFile === undefined ? [] : ['--db-path', databaseFile])],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2000)
  })
  const endpoint = `http://127.0.0.1:${port}`
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    await exited
  }
  const deadline = Date.now() + startMsMax
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`dynoxide ended at start: ${said}`)
    if (await answers(endpoint)) return { endpoint, pid: child.pid, stop }
    await sleep(20)
  }
  await stop()
  throw new Error(`dynoxide did not answer within ${startMsMax} ms: ${said}`)
}

function dynoxideBinary(): string {
  const require = createRequire(import.meta.url)
  try {
    return require.resolve('@dynoxide/linux-x64/dynoxide')
  } catch (cause) {
    throw new Error(
      'No DynamoDB here: @dynoxide/linux-x64 is not installed on this system. Set AWS_ENDPOINT_URL_DYNAMODB to any DynamoDB endpoint.',
      { cause },
    )
  }
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    await fetch(endpoint, { method: 'POST', signal: AbortSignal.timeout(1000) })
    return true
  } catch {
    return false
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}
