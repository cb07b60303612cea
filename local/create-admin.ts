import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { issueAdminToken, type Reached } from './admin-token.ts'
import { DataFolderInUse, lockDataFolder, readRunFile } from './data-folder.ts'
import { createDynamoDbClient } from './dynamodb/dynamodb-client.ts'
import { startDynamoDb } from './dynamodb/dynoxide.ts'
import { createTables } from './dynamodb/tables.ts'
import { account } from './host.ts'
import { mainTable } from './runtime.ts'
import { readTemplate } from './template/read.ts'
import { synthesize } from './template/synthesize.ts'

/**
 * `npm run create-admin -- --data DIR [--name NAME]`: makes an administrator and prints an API token for it, alone on
 * the last line. Works beside a running runtime, through its gateway, and without one, on the data folder itself.
 */

/** Nobody runs on the folder: the tables are opened, and made if this is the very first start. */
async function withoutRuntime(dataDir: string, name: string): Promise<string> {
  const stacks = await synthesize(resolve(import.meta.dirname, '..'))
  const region = process.env['AWS_REGION'] ?? 'eu-central-1'
  const resources = readTemplate(stacks, { region, account, endpoint: 'http://127.0.0.1' })
  const tableName = mainTable(resources)
  if (tableName === undefined) throw new Error('No function of the template has a table')
  mkdirSync(join(dataDir, 'dynamodb'), { recursive: true })
  const server = await startDynamoDb(join(dataDir, 'dynamodb', 'table.sqlite'))
  const client = createDynamoDbClient(server.endpoint)
  try {
    await createTables(client, resources.tables)
    const { endpoint } = server
    return await issueAdminToken(
      { endpoint, region, tableName, accessKeyId: 'local', secretAccessKey: 'local' },
      name,
    )
  } finally {
    client.close()
    await server.stop()
  }
}

async function main(): Promise<void> {
  const options = {
    data: { type: 'string', default: '.data' },
    name: { type: 'string', default: 'admin' },
  } as const
  const { values } = parseArgs({ options })
  const dataDir = resolve(values.data)
  const running = await lockOrRunning(dataDir)
  if ('endpoint' in running) return print(values.name, await issueAdminToken(running, values.name))
  try {
    print(values.name, await withoutRuntime(dataDir, values.name))
  } finally {
    running.release()
  }
}

async function lockOrRunning(dataDir: string): Promise<{ release(): void } | Reached> {
  try {
    return lockDataFolder(dataDir)
  } catch (error) {
    const run = readRunFile(dataDir)
    // Locked, and not yet ready to be asked.
    if (!(error instanceof DataFolderInUse) || run === undefined) throw error
    return run
  }
}

function print(name: string, token: string): void {
  process.stdout.write(`An API token of the administrator ${name}; it is shown this once:\n${token}\n`)
}

try {
  await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
