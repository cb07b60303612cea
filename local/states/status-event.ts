import type { BusEvent } from '../service.ts'
import type { Execution } from './executions.ts'

/** Above this, together, an event leaves input and output out. @see the page below. */
const includedBytesMax = 248 * 1024

/**
 * The event AWS sends to the default bus at each change of status.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
export function statusEvent(execution: Execution): BusEvent {
  const { input, output } = execution
  const included = Buffer.byteLength(input) + Buffer.byteLength(output ?? '') <= includedBytesMax
  return {
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    resources: [execution.arn],
    time: execution.stoppedAt ?? execution.startedAt,
    detail: {
      executionArn: execution.arn,
      stateMachineArn: execution.stateMachineArn,
      name: execution.name,
      status: execution.status,
      startDate: new Date(execution.startedAt).getTime(),
      stopDate: execution.stoppedAt === undefined ? null : new Date(execution.stoppedAt).getTime(),
      input: included ? input : null,
      inputDetails: { included },
      output: included ? (output ?? null) : null,
      outputDetails: output === undefined ? null : { included },
      error: execution.error ?? null,
      cause: execution.cause ?? null,
      stateMachineVersionArn: null,
      stateMachineAliasArn: null,
    },
  }
}
