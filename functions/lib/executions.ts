import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  StartExecutionCommand,
  StopExecutionCommand,
  SFNClient,
} from '@aws-sdk/client-sfn'
import type { Executions } from '../../shared/backups/executions.ts'

/** Executions of one state machine. */
export function stepFunctions(stateMachineArn: string): Executions {
  const client = new SFNClient({ requestHandler: { connectionTimeout: 1000, requestTimeout: 5000 } })
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
