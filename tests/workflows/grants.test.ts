import { resolve } from 'node:path'
import { rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { adminToken } from '../../local/admin-token.ts'
import { apiCaller } from '../../local/demo/api.ts'
import { startRuntime } from '../../local/runtime.ts'
import type { StackTemplate } from '../../local/template/assembly.ts'
import { synthesize } from '../../local/template/synthesize.ts'
import { backUp, labOf, loadDevices, placeLab, resultsOf } from '../support/backups.ts'
import { newFolder, workflowSecondMs } from '../support/product.ts'

/**
 * One grant taken out of the synthesised template, as if its line in `infra/` were gone: the backup must fail here, and
 * say which function lacks which action on which resource.
 */
const grants = [
  { role: 'PlanBackup', action: 's3:PutObject', resource: /netkeep-data-.*work.*\/work-lists\// },
  { role: 'PlanBackup', action: 'dynamodb:Query', resource: /table\// },
  { role: 'CollectDevices', action: 'kms:Decrypt', resource: /:key\// },
  { role: 'CollectDevices', action: 's3:PutObject', resource: /\/(configs|raw)\// },
  { role: 'CommitBackup', action: 's3:PutObject', resource: /\/git\// },
  { role: 'ReportBackup', action: 'dynamodb:PutItem', resource: /table\// },
] as const

test.each(grants)(
  'a backup without $action of $role fails, and says so',
  async ({ role, action, resource }) => {
    const template = withoutGrant(await synthesize(resolve('.')), role, action)
    const dataDir = newFolder('grants')
    const denied: string[] = []
    const runtime = await startRuntime({
      dataDir,
      port: 0,
      template,
      isThrottled: false,
      workflowSecondMs,
      onLog: (_level, message, fields) => denied.push(`${message} ${JSON.stringify(fields)}`),
    })
    const lab = await labOf([{ name: 'sw1' }])
    try {
      const api = apiCaller(runtime.url, await adminToken(runtime))
      await loadDevices(api, placeLab(lab))

      const run = await backUp(api)

      const results = await resultsOf(api, run.id)
      expect(['failed', 'interrupted']).toContain(run.status.value)
      const told = [run.error, ...[...results.values()].map(({ detail }) => detail), ...denied].join('\n')
      expect(told).toMatch(/AccessDenied/)
      const line =
        told.split('\n').find((one) => one.includes('not authorized') && one.includes(action)) ?? ''
      expect(line).toContain(role)
      expect(line).toMatch(resource)
    } finally {
      await runtime.stop()
      await lab.stop()
      rmSync(dataDir, { recursive: true, force: true })
    }
  },
)

type Statement = { Action: string | string[] }

/** @throws Error when no policy of the role has the action: the table above would test nothing. */
function withoutGrant(stacks: readonly StackTemplate[], role: string, action: string): StackTemplate[] {
  const copy = structuredClone(stacks) as StackTemplate[]
  let removed = 0
  for (const { template } of copy) {
    for (const [id, { Type, Properties }] of Object.entries(template.Resources)) {
      if (Type !== 'AWS::IAM::Policy' || !id.startsWith(role)) continue
      const document = Properties['PolicyDocument'] as { Statement: Statement[] }
      for (const statement of document.Statement) {
        const actions = [statement.Action].flat()
        if (!actions.includes(action)) continue
        removed += 1
        statement.Action = actions.filter((one) => one !== action)
      }
      document.Statement = document.Statement.filter(({ Action }) => [Action].flat().length > 0)
    }
  }
  if (removed === 0) throw new Error(`no policy of ${role} grants ${action}`)
  return copy
}
