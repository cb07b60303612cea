import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { DataFolderInUse } from '../../local/data-folder.ts'
import { TemplateError } from '../../local/template/problems.ts'
import {
  newDataDir,
  removeDir,
  type SmallCloud,
  smallResources,
  startSmallCloud,
} from '../support/small-cloud.ts'

const operator = { kind: 'operator' } as const
const projectDir = new URL('../..', import.meta.url).pathname

let dataDir: string
const children: ChildProcess[] = []
beforeEach(() => {
  dataDir = newDataDir()
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  removeDir(dataDir)
})

const isAlive = (pid: number): boolean => {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}
const databasePid = (): number => Number(readFileSync(join(dataDir, 'dynamodb', 'table.sqlite.pid'), 'utf8'))

async function fill(cloud: SmallCloud): Promise<void> {
  const TableName = cloud.nameOf('Table')
  const Item = { pk: { S: 'kept' }, sk: { S: '.' } }
  await cloud.host.request({
    caller: operator,
    service: 'dynamodb',
    action: 'PutItem',
    input: { TableName, Item },
  })
  const { url: QueueUrl } = cloud.resources.queues[0] ?? { url: '' }
  await cloud.host.request({
    caller: operator,
    service: 'sqs',
    action: 'SendMessage',
    input: { QueueUrl, MessageBody: 'kept' },
  })
  const s3 = new S3Client(cloud.host.sdk(operator))
  await s3.send(
    new PutObjectCommand({
      Bucket: cloud.nameOf('Bucket'),
      Key: 'kept',
      Body: 'kept',
      Metadata: { also: 'kept' },
    }),
  )
  s3.destroy()
}

async function readBack(cloud: SmallCloud): Promise<unknown[]> {
  const TableName = cloud.nameOf('Table')
  const Key = { pk: { S: 'kept' }, sk: { S: '.' } }
  const { Item } = await cloud.host.request({
    caller: operator,
    service: 'dynamodb',
    action: 'GetItem',
    input: { TableName, Key },
  })
  const { url: QueueUrl } = cloud.resources.queues[0] ?? { url: '' }
  const { Messages } = (await cloud.host.request({
    caller: operator,
    service: 'sqs',
    action: 'ReceiveMessage',
    input: { QueueUrl },
  })) as {
    Messages?: { Body: string }[]
  }
  const s3 = new S3Client(cloud.host.sdk(operator))
  const found = await s3.send(new GetObjectCommand({ Bucket: cloud.nameOf('Bucket'), Key: 'kept' }))
  const object = [await found.Body?.transformToString(), found.Metadata]
  s3.destroy()
  return [Item, Messages?.map(({ Body }) => Body), ...object]
}
const everything = [{ pk: { S: 'kept' }, sk: { S: '.' } }, ['kept'], 'kept', { also: 'kept' }]

describe('the data folder', () => {
  test('keeps tables, queues, objects and keys from one start to the next', async () => {
    const first = await startSmallCloud({ dataDir })
    await fill(first)
    const sealed = await first.host.request({
      caller: operator,
      service: 'kms',
      action: 'Encrypt',
      input: { KeyId: first.arnOf('Key'), Plaintext: 'a2VwdA==' },
    })
    await first.stop()
    const second = await startSmallCloud({ dataDir })

    expect(await readBack(second)).toEqual(everything)
    const { CiphertextBlob } = sealed
    expect(
      await second.host.request({
        caller: operator,
        service: 'kms',
        action: 'Decrypt',
        input: { CiphertextBlob },
      }),
    ).toMatchObject({ Plaintext: 'a2VwdA==' })
    await second.stop()
  })

  test('is empty after a start with reset', async () => {
    const first = await startSmallCloud({ dataDir })
    await fill(first)
    await first.stop()
    const second = await startSmallCloud({ dataDir, reset: true })

    await expect(readBack(second)).rejects.toMatchObject({ name: 'NoSuchKey' })
    await second.stop()
  })

  test('belongs to one runtime at a time', async () => {
    const first = await startSmallCloud({ dataDir })

    await expect(startSmallCloud({ dataDir })).rejects.toThrow(DataFolderInUse)
    await expect(startSmallCloud({ dataDir, reset: true })).rejects.toThrow(
      `is in use by process ${process.pid}`,
    )
    await first.stop()
    await (await startSmallCloud({ dataDir })).stop()
  })

  test('with a table of other keys is refused by name', async () => {
    await (await startSmallCloud({ dataDir })).stop()
    const Table = {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      },
    }

    await expect(startSmallCloud({ dataDir, resources: { ...smallResources, Table } })).rejects.toThrow(
      'The table small-Table in the data folder has other keys',
    )
  })

  test('is free again after a start that failed', async () => {
    const resources = { ...smallResources, Cache: { Type: 'AWS::ElastiCache::CacheCluster' } }

    await expect(startSmallCloud({ dataDir, resources })).rejects.toThrow(TemplateError)
    await (await startSmallCloud({ dataDir })).stop()
  })
})

/** The commands of package.json, with the project's own app. */
function command(file: string, ...options: string[]): { child: ChildProcess; lines: string[] } {
  const child = spawn(process.execPath, [join(projectDir, file), '--data', dataDir, ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => lines.push(line))
  return { child, lines }
}
async function finished(file: string, ...options: string[]): Promise<string[]> {
  const { child, lines } = command(file, ...options)
  await once(child, 'close')
  return lines
}
async function started(): Promise<{ child: ChildProcess; url: string }> {
  const { child, lines } = command('local/main.ts', '--port', '0')
  const url = await vi.waitFor(() => {
    const line = lines.find((one) => one.startsWith('ready'))
    if (line === undefined) throw new Error(lines.join('\n'))
    return line.replace(/^ready\s+/, '').replace('/api/status', '')
  }, 30_000)
  return { child, url }
}
const getSites = (url: string, token: string): Promise<Response> =>
  fetch(`${url}/api/dcim/sites/`, { headers: { authorization: `Token ${token}` } })

describe('npm start and npm run create-admin', () => {
  test('serve the whole app, make tokens beside it and before it, and stop on a signal', async () => {
    const before = (await finished('local/create-admin.ts', '--name', 'first')).at(-1) ?? ''
    const { child, url } = await started()
    const beside = (await finished('local/create-admin.ts', '--name', 'second')).at(-1) ?? ''

    expect((await fetch(`${url}/api/status`)).status).toBe(200)
    expect((await getSites(url, 'nkp_wrong')).status).toBe(401)
    expect([(await getSites(url, before)).status, (await getSites(url, beside)).status]).toEqual([200, 200])
    expect(statSync(join(dataDir, 'runtime.json')).mode & 0o777).toBe(0o600)
    expect((await finished('local/main.ts', '--port', '0')).join('\n')).toContain('is in use by process')

    const pid = databasePid()
    child.kill('SIGTERM')
    const [code] = (await once(child, 'exit')) as [number | null]
    expect(code).toBe(0)
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false))
  })

  test('a runtime that was killed leaves nothing running, and its data is there at the next start', async () => {
    const { child } = await started()
    const token = (await finished('local/create-admin.ts')).at(-1) ?? ''
    const pid = databasePid()
    child.kill('SIGKILL')
    await once(child, 'exit')

    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 5000)
    const next = await started()
    expect((await getSites(next.url, token)).status).toBe(200)
  })

  test('a database that a killed runtime left behind is ended at the next start', async () => {
    const first = await startSmallCloud({ dataDir })
    await first.stop()
    const orphan = spawn(process.execPath, [
      '-e',
      'setInterval(() => {}, 1000)',
      join(dataDir, 'dynamodb', 'table.sqlite'),
    ])
    children.push(orphan)
    writeFileSync(join(dataDir, 'dynamodb', 'table.sqlite.pid'), String(orphan.pid))
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    children.push(other)
    await sleep(200)

    const second = await startSmallCloud({ dataDir })
    expect(orphan.signalCode).toBe('SIGTERM')
    await second.stop()
    writeFileSync(join(dataDir, 'dynamodb', 'table.sqlite.pid'), String(other.pid))
    await (await startSmallCloud({ dataDir })).stop()
    expect(other.exitCode ?? other.signalCode).toBeNull()
  })

  test.each([
    [['--port', 'many'], '--port is a number from 0 (any) to 65535, not many'],
    [['--colour', 'red'], "Unknown option '--colour'"],
  ])('%s is refused with a reason', async (options, reason) => {
    expect((await finished('local/main.ts', ...options)).join('\n')).toContain(reason)
  })
})
