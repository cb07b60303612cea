import { setTimeout as sleep } from 'node:timers/promises'
import type { LocalService } from '../../local/service.ts'
import { createStates } from '../../local/states/service.ts'
import type { StateMachineResource } from '../../local/template/resources.ts'
import { declared, type SmallHost, startSmallHost, until } from './small-host.ts'

export const machineArn = 'arn:aws:states:eu-central-1:000000000000:stateMachine:work'
const machineRole = 'arn:aws:iam::000000000000:role/work'

/** Where lists are read from and results written to. */
const work = { ...declared, name: 'work', arn: 'arn:aws:s3:::work', versioned: false, publishesEvents: false }

const machineOf = (definition: Record<string, unknown>): StateMachineResource => ({
  ...declared,
  name: 'work',
  arn: machineArn,
  roleArn: machineRole,
  type: 'STANDARD',
  definition,
})

export type Described = {
  executionArn: string
  status: string
  output?: string
  error?: string
  cause?: string
  startDate: number
  stopDate?: number
}

export type StatesBench = {
  host: SmallHost
  states: LocalService
  call: (action: string, input: Record<string, unknown>) => Promise<Record<string, unknown>>
  /** Starts an execution and waits for its end. */
  run: (input?: unknown) => Promise<Described>
  close: () => Promise<void>
}

/** One state machine in Step Functions; a second of its definition lasts `secondMs`. */
export async function startStates(definition: Record<string, unknown>, secondMs = 10): Promise<StatesBench> {
  const host = await startSmallHost({ stateMachines: [machineOf(definition)], buckets: [work] })
  const states = createStates(host, { secondMs })
  await states.start?.()
  return benchOf(host, states)
}

export function benchOf(host: SmallHost, states: LocalService): StatesBench {
  const call: StatesBench['call'] = async (action, input) => {
    const found = states.actions[action]
    if (found === undefined) throw new Error(`no action ${action}`)
    return (await found.run(input, { caller: { kind: 'operator' }, requestId: 'test' })) as Record<
      string,
      unknown
    >
  }
  return {
    host,
    states,
    call,
    async run(input = {}) {
      const started = await call('StartExecution', {
        stateMachineArn: machineArn,
        input: JSON.stringify(input),
      })
      return until(async () => {
        const described = (await call('DescribeExecution', started)) as Described
        return described.status !== 'RUNNING' && described
      })
    },
    async close() {
      await states.stop?.()
      await sleep(0)
      await host.close()
    },
  }
}

export const lambdaTask = (name: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: `arn:aws:lambda:eu-central-1:000000000000:function:${name}`, 'Payload.$': '$' },
  OutputPath: '$.Payload',
  ...more,
})
