import { Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { dashboard } from '../constructs/dashboard.ts'

/**
 * One page for the NOC. Alarms are not here but beside what they watch, and the page finds its metrics by searching
 * for the stacks' names: so no stack must export a name just to be looked at, and a new function appears by itself.
 */
export class ObservabilityStack extends Stack {
  constructor(scope: Construct, id: string, watched: { stackNames: readonly string[] }) {
    super(scope, id, { description: 'netkeep: the dashboard' })
    dashboard(this, watched.stackNames)
  }
}
