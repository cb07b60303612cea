import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  StartExecutionCommand,
  StopExecutionCommand,
  SFNClient,
} from '@aws-sdk/client-sfn'
import type { Executions } from '../../shared/backups/executions.ts'
import { env } from './env.ts'

/** Executions of one state machine. */
function stepFunctions(client: SFNClient, stateMachineArn: string): Executions {
  return {
    start: async (name, input) => {
      await client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }))
    },
    stop: async (executionArn, { error, cause }) => {
      await client.send(new StopExecutionCommand({ executionArn, error, cause }))
    },
    isRunning: async (executionArn) => {
      try {
        const { status } = await client.send(new DescribeExecutionCommand({ executionArn }))
        return status === 'RUNNING' || status === 'PENDING_REDRIVE'
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return false
        throw error
      }
    },
    arnOf: (name) => `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`,
  }
}

let built: Executions | undefined

/** Those of the backup workflow. Apart from the other dependencies: few functions start or stop anything. */
export function backupExecutions(): Executions {
  built ??= stepFunctions(new SFNClient({}), env('backupWorkflow'))
  return built
}
