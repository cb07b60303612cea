import { parentPort, workerData } from 'node:worker_threads'
import type { FunctionErrorBody, Invocation, WorkerAnswer, WorkerSetup } from './protocol.ts'

/** The far side of a function's worker thread: loads the entry, runs its handler, answers. Node has stripped the types. */

type Handler = (event: unknown, context: Record<string, unknown>) => unknown

const setup = workerData as WorkerSetup
const port = parentPort
if (port === null) throw new Error('this file runs in a worker thread')

const say = (answer: WorkerAnswer): void => port.postMessage(answer)

const handler = await load()
if (handler !== undefined) {
  port.on('message', (invocation: Invocation) => void invoke(handler, invocation))
  say({ kind: 'ready' })
}

async function load(): Promise<Handler | undefined> {
  try {
    const module = (await import(setup.entryUrl)) as Record<string, unknown>
    const found = module[setup.handler]
    if (typeof found === 'function') return found as Handler
    const errorMessage = `${setup.handler} is undefined or not exported`
    say({ kind: 'broken', payload: JSON.stringify({ errorType: 'Runtime.HandlerNotFound', errorMessage }) })
  } catch (error) {
    say({ kind: 'broken', payload: JSON.stringify(errorBody(error)) })
  }
  return undefined
}

async function invoke(run: Handler, { id, event, requestId, deadlineAt }: Invocation): Promise<void> {
  const { functionName, functionArn, memoryMegabytes } = setup
  const context = {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn,
    memoryLimitInMB: String(memoryMegabytes),
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, deadlineAt - Date.now()),
  }
  try {
    const result = await run(JSON.parse(event), context)
    say({ kind: 'result', id, payload: JSON.stringify(result) ?? 'null' })
  } catch (error) {
    say({ kind: 'error', id, payload: JSON.stringify(errorBody(error)) })
  }
}

/** As Lambda's Node runtime writes it: the error's name is its type. */
function errorBody(error: unknown): FunctionErrorBody {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] }
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') }
}
