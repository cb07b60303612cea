import { readCommandLine } from './command-line.ts'
import { DataFolderInUse } from './data-folder.ts'
import { type Runtime, startRuntime } from './runtime.ts'
import type { HostLog } from './service.ts'
import { TemplateError } from './template/problems.ts'

/** `npm start -- --data DIR --port N --reset`: hosts the product until it is told to stop. */

/** Errors that say all there is to say: their stack would only hide it. */
const plainErrors = [TemplateError, DataFolderInUse]

const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** The files under `logs/` hold everything; the terminal shows what somebody should look at. */
const showTrouble: HostLog = (level, message, fields) => {
  if (level !== 'info') process.stderr.write(`${level}: ${message} ${JSON.stringify(fields ?? {})}\n`)
}

function describe({ url, dataDir, resources }: Runtime): string[] {
  const { functions, tables, buckets, queues, stateMachines, schedules, eventRules } = resources
  const count = (list: readonly unknown[], noun: string): string =>
    `${list.length} ${noun}${list.length === 1 ? '' : 's'}`
  return [
    `netkeep hosts ${count(functions, 'function')}, ${count(tables, 'table')}, ${count(buckets, 'bucket')}, ${count(queues, 'queue')}, ` +
      `${count(stateMachines, 'state machine')}, ${count(eventRules, 'event rule')} and ${count(schedules, 'schedule')}`,
    `data    ${dataDir}`,
    `logs    ${dataDir}/logs`,
    ...(resources.distributions.length === 0 ? [] : [`console ${url}/`]),
    `API     ${url}/api/`,
    `ready   ${url}/api/status`,
    '',
    'A first token: npm run create-admin -- --data ' + dataDir,
    'Stop with Ctrl-C.',
  ]
}

async function main(): Promise<void> {
  const { dataDir, port, reset, context } = readCommandLine({ dataDir: '.data', port: 8080 })
  const runtime = await startRuntime({ dataDir, port, reset, context, onLog: showTrouble })
  for (const line of describe(runtime)) say(line)
  let isStopping = false
  const stop = (signal: NodeJS.Signals): void => {
    // A second Ctrl-C does not wait.
    if (isStopping) process.exit(1)
    isStopping = true
    say(`\n${signal}: stopping`)
    runtime.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`)
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

try {
  await main()
} catch (error) {
  const isPlain = plainErrors.some((kind) => error instanceof kind)
  process.stderr.write(
    `${isPlain && error instanceof Error ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
  )
  process.exit(1)
}
