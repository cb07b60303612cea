import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'

export type DynamoDbServer = { endpoint: string; pid: number | undefined; stop(): Promise<void> }

const startMsMax = 15_000
const endMsMax = 5_000

/**
 * A child does not end with its parent on Linux. This shell holds the parent's pipe: when the parent is gone,
 * even by `kill -9`, the pipe closes and the database is asked to end. Its first line is the database's pid.
 */
const ward = `exec 3<&0
"$0" "$@" </dev/null & child=$!
echo $child
(cat <&3 >/dev/null; kill $child 2>/dev/null) &
wait $child`

/** Between the look for a free port and the start another program may take it. */
const startsMax = 5

/**
 * Starts dynoxide, or uses the endpoint the environment names (`AWS_ENDPOINT_URL_DYNAMODB`).
 * @param databaseFile where the data lives; without it in memory. A dynoxide that a killed runtime left behind
 * on this file is ended first.
 */
export async function startDynamoDb(databaseFile?: string, findPort = freePort): Promise<DynamoDbServer> {
  const given = process.env['AWS_ENDPOINT_URL_DYNAMODB']
  if (given !== undefined) return { endpoint: given, pid: undefined, stop: async () => {} }
  if (databaseFile !== undefined) await endOrphan(pidFileOf(databaseFile), databaseFile)
  for (let starts = 1; ; starts++) {
    const started = await startOn(await findPort(), databaseFile)
    if ('endpoint' in started) return started
    if (!started.isPortTaken || starts === startsMax)
      throw new Error(`dynoxide ended at start: ${started.said}`)
  }
}

const pidFileOf = (databaseFile: string): string => `${databaseFile}.pid`

/** @throws Error where it neither ends nor answers in time. */
async function startOn(
  port: number,
  databaseFile: string | undefined,
): Promise<DynamoDbServer | { isPortTaken: boolean; said: string }> {
  const pidFile = databaseFile === undefined ? undefined : pidFileOf(databaseFile)
  const where = databaseFile === undefined ? [] : ['--db-path', databaseFile]
  const options = ['--host', '127.0.0.1', '--port', String(port), ...where]
  const child = spawn('sh', ['-c', ward, dynoxideBinary(), ...options], { stdio: ['pipe', 'pipe', 'pipe'] })
  // The pipe breaks when the shell ends first: that is the `exit` event's business.
  child.stdin.on('error', () => {})
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2000)
  })
  const [first] = (await once(child.stdout, 'data')) as [Buffer]
  const pid = Number(first.toString().trim())
  child.stdout.resume()
  if (pidFile !== undefined) writeFileSync(pidFile, String(pid))
  const stop = async (): Promise<void> => {
    const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined
    child.stdin.end()
    await exited
    if (pidFile !== undefined) rmSync(pidFile, { force: true })
  }
  const endpoint = `http://127.0.0.1:${port}`
  const deadline = Date.now() + startMsMax
  while (Date.now() < deadline) {
    if (child.exitCode !== null) return { isPortTaken: said.includes('already in use'), said }
    // Its own word first: whoever else has the port answers too.
    if (said.includes(`listening on ${endpoint}`) && (await answers(endpoint))) {
      if (databaseFile !== undefined) orderStream(databaseFile)
      return { endpoint, pid, stop }
    }
    await sleep(20)
  }
  await stop()
  throw new Error(`dynoxide did not answer within ${startMsMax} ms: ${said}`)
}

/**
 * For every write dynoxide 1.2.1 looks for the highest number in the stream's records, and reads them all for it:
 * 10,000 records on, a write costs 7 ms instead of 0.1. This index answers it at once.
 */
function orderStream(databaseFile: string): void {
  const database = new DatabaseSync(databaseFile, { timeout: 5000 })
  database.exec(
    `CREATE INDEX IF NOT EXISTS stream_order ON _stream_records (table_name, CAST(sequence_number AS INTEGER));
     CREATE INDEX IF NOT EXISTS stream_shards ON _stream_records (table_name, shard_id, CAST(sequence_number AS INTEGER))`,
  )
  database.close()
}

/** The pid may have gone to another program since: its command line tells. */
async function endOrphan(pidFile: string, databaseFile: string): Promise<void> {
  const pid = Number(readIfThere(pidFile) ?? 0)
  const isOurs = (): boolean =>
    readIfThere(`/proc/${pid}/cmdline`)?.split('\0').includes(databaseFile) ?? false
  if (!(pid > 1) || !isOurs()) return
  process.kill(pid, 'SIGTERM')
  const deadline = Date.now() + endMsMax
  while (isOurs()) {
    if (Date.now() > deadline) process.kill(pid, 'SIGKILL')
    await sleep(20)
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
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
