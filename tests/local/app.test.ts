import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { adminToken } from '../../local/admin-token.ts'
import { type Runtime, startRuntime } from '../../local/runtime.ts'
import type { StackTemplate } from '../../local/template/assembly.ts'
import { readTemplate } from '../../local/template/read.ts'
import { synthesize } from '../../local/template/synthesize.ts'
import { newDataDir, removeDir } from '../support/small-cloud.ts'

const projectDir = new URL('../..', import.meta.url).pathname

describe('the synthesised app', () => {
  let stacks: StackTemplate[]
  beforeAll(async () => {
    stacks = await synthesize(projectDir)
  })

  test('is hosted whole: nothing in it is unknown, and every function has its source', () => {
    const { functions, tables, httpApis } = readTemplate(stacks, {
      region: 'eu-west-3',
      account: '000000000000',
      endpoint: 'http://x',
    })

    expect(functions.filter(({ entry }) => !existsSync(join(projectDir, entry)))).toEqual([])
    expect(
      functions
        .flatMap(({ environment }) => Object.values(environment))
        .filter((value) => value.includes('undefined')),
    ).toEqual([])
    expect([tables.length, httpApis.length]).toEqual([1, 1])
  })

  test('fails here when one grant is taken out of infra, naming function, role, action and resource', async () => {
    const dataDir = newDataDir()
    const denials: Record<string, unknown>[] = []
    const runtime = await startRuntime({
      dataDir,
      port: 0,
      template: without(stacks, 'dynamodb:PutItem', /dcim/i),
      onLog: (_level, message, fields) => {
        if (message === 'denied') denials.push(fields ?? {})
      },
    })
    const status = await createSite(runtime)
    await runtime.stop()
    removeDir(dataDir)

    expect(status).toBeGreaterThanOrEqual(500)
    const { functions, tables } = runtime.resources
    const { arn, roleArn } = functions.find(({ entry }) => entry === 'functions/api/dcim.ts') ?? {}
    expect(denials).toContainEqual({
      caller: { kind: 'role', functionArn: arn, roleArn },
      action: 'dynamodb:PutItem',
      resource: tables[0]?.arn,
    })
  })

  test('works with that grant', async () => {
    const dataDir = newDataDir()
    const runtime = await startRuntime({ dataDir, port: 0, template: stacks })
    const status = await createSite(runtime)
    await runtime.stop()
    removeDir(dataDir)

    expect(status).toBe(201)
  })
})

async function createSite(runtime: Runtime): Promise<number> {
  const token = await adminToken(runtime)
  const headers = { authorization: `Token ${token}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ name: 'Bern', slug: 'bern' })
  return (await fetch(`${runtime.url}/api/dcim/sites/`, { method: 'POST', headers, body })).status
}

/** The template with one action taken out of the policies of the roles that match. */
function without(stacks: readonly StackTemplate[], action: string, roles: RegExp): StackTemplate[] {
  const copy = structuredClone(stacks) as StackTemplate[]
  for (const { template } of copy) {
    for (const [logicalId, resource] of Object.entries(template.Resources)) {
      if (resource.Type !== 'AWS::IAM::Policy' || !roles.test(logicalId)) continue
      resource.Properties = JSON.parse(
        JSON.stringify(resource.Properties).replaceAll(`"${action}"`, '"dynamodb:Scan"'),
      ) as Record<string, unknown>
    }
  }
  return copy
}

describe('synthesis', () => {
  let folder: string
  const runs = (): number => readFileSync(join(folder, 'runs'), 'utf8').length
  const writeApp = (typeName: string): void =>
    writeFileSync(
      join(folder, 'infra', 'app.ts'),
      `import { appendFileSync, writeFileSync } from 'node:fs'
       appendFileSync('runs', '.')
       if (${JSON.stringify(typeName)} === 'broken') throw new Error('the app is broken')
       const out: string = process.env.CDK_OUTDIR ?? ''
       const artifacts = { s: { type: 'aws:cloudformation:stack', properties: { templateFile: 's.json', stackName: 'named' } } }
       writeFileSync(out + '/manifest.json', JSON.stringify({ artifacts }))
       const context = JSON.parse(process.env.CDK_CONTEXT_JSON ?? '{}')
       writeFileSync(out + '/s.json', JSON.stringify({ Resources: { R: { Type: ${JSON.stringify(typeName)}, Properties: { context } } } }))`,
    )

  beforeAll(() => {
    folder = newDataDir()
    for (const name of ['infra', 'events', 'shared']) mkdirSync(join(folder, name))
    writeFileSync(join(folder, 'package-lock.json'), '{}')
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    writeFileSync(join(folder, 'cdk.json'), '{"context":{"flag":true}}')
    writeFileSync(join(folder, 'runs'), '')
  })
  afterAll(() => removeDir(folder))

  test('runs the app with its context and without bundling, once for the same sources', async () => {
    writeApp('A')
    const [first, second] = [await synthesize(folder), await synthesize(folder)]

    expect(first[0]).toMatchObject({
      stack: 'named',
      template: {
        Resources: {
          R: { Type: 'A', Properties: { context: { flag: true, 'aws:cdk:bundling-stacks': [] } } },
        },
      },
    })
    expect(second).toEqual(first)
    expect(runs()).toBe(1)
  })

  test('runs it again when a source changed', async () => {
    const before = runs()
    writeApp('B')

    expect((await synthesize(folder))[0]?.template.Resources['R']?.Type).toBe('B')
    writeFileSync(join(folder, 'shared', 'environment.ts'), 'changed')
    await synthesize(folder)
    expect(runs()).toBe(before + 2)
  })

  test('says what the app printed when it fails', async () => {
    writeApp('broken')

    await expect(synthesize(folder)).rejects.toThrow('the app is broken')
  })
})
