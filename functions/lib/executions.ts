import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  StartExecutionCommand,
  StopExecutionCommand,
  SFNClient,
} from './sfn-sdk.ts'
import type { Executions } from '../../shared/executions.ts'
import { available } from './unavailable.ts'

/** Executions of one state machine. */
export function stepFunctions(stateMachineArn: string): Executions {
  const client = new SFNClient({ requestHandler: { connectionTimeout: 1000, requestTimeout: 5000 } })
  return {
    start: async (name, input) => {
      const command = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) })
      try {
        await available('Step Functions', () => client.send(command))
      } catch (error) {
        // It ran and has ended: the start was delivered twice.
        if (!(error instanceof ExecutionAlreadyExists)) throw error
      }
    },
    stop: async (executionArn, { error, cause }) => {
      const command = new StopExecutionCommand({ executionArn, error, cause })
      try {
        await available('Step Functions', () => client.send(command))
      } catch (error) {
        // It never began: there is nothing to stop.
        if (!(error instanceof ExecutionDoesNotExist)) throw error
      }
    },
    isRunning: async (executionArn) => {
      try {
        const command = new DescribeExecutionCommand({ executionArn })
        const { status } = await available('Step Functions', () => client.send(command))
        return status === 'RUNNING' || status === 'PENDING_REDRIVE'
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return false
        throw error
      }
    },
    arnOf: (name) => `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`,
  }
}
