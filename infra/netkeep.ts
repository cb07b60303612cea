import { App, Tags, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag'
import { featureFlags } from './feature-flags.ts'
import { ApiStack } from './stacks/api.ts'
import { BackupsStack } from './stacks/backups.ts'
import { DataStack } from './stacks/data.ts'
import { JobsStack } from './stacks/jobs.ts'
import { ObservabilityStack } from './stacks/observability.ts'
import { WebStack } from './stacks/web.ts'

/**
 * The whole product. It names no account and no region: the same synthesis goes anywhere, asks nobody anything, and
 * is what the local runtime hosts. A finding of cdk-nag that nobody has acknowledged with a reason stops it.
 */
export function netkeepApp(context: Readonly<Record<string, unknown>> = {}, outdir?: string): App {
  const app = new App({
    context: { ...featureFlags, ...context },
    ...(outdir === undefined ? {} : { outdir }),
  })
  const data = new DataStack(app, 'netkeep-data')
  const backups = new BackupsStack(app, 'netkeep-backups', { data })
  const { collector, checkCompliance, notifier, pusher } = backups
  const jobs = new JobsStack(app, 'netkeep-jobs', { data, collector, checkCompliance, notifier, pusher })
  const api = new ApiStack(app, 'netkeep-api', {
    data,
    backupWorkflow: backups.workflow,
    jobWorkflow: jobs.workflow,
  })
  new WebStack(app, 'netkeep-web', { api: api.api })
  const watched = [data, backups, jobs, api].map((stack) => stack.stackName)
  new ObservabilityStack(app, 'netkeep-observability', { stackNames: watched })
  Tags.of(app).add('product', 'netkeep')
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app))
  return app
}
