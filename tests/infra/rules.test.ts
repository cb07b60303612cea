import { App, Stack, Validations } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { Bucket } from 'aws-cdk-lib/aws-s3'
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag'
import type { IConstruct } from 'constructs'
import { beforeAll, describe, expect, test } from 'vitest'
import { allow, allowObjects } from '../../infra/constructs/grants.ts'
import { ApiStack } from '../../infra/stacks/api.ts'
import { BackupsStack } from '../../infra/stacks/backups.ts'
import { DataStack } from '../../infra/stacks/data.ts'
import { freshApp } from './synthesised.ts'

/** What the packs find, as `rule at path`, warnings included. */
function findings(app: App): string[] {
  return [new AwsSolutionsChecks(), new ServerlessChecks()].flatMap((pack) =>
    pack
      .validateScope(app)
      .violations.flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map((resource) => `${ruleName} at ${resource.constructPath}`),
      ),
  )
}

describe('cdk-nag', () => {
  test('finds nothing that is not acknowledged with a reason', () => {
    const app = freshApp()
    app.synth()

    expect(findings(app)).toEqual([])
  })

  test.each([
    {
      what: 'an open bucket',
      add: ({ data }: Stacks) => void new Bucket(data, 'Open'),
      rule: 'AwsSolutions-S1 at netkeep-data/Open/Resource',
    },
    {
      what: 'a wildcard action',
      add: ({ data }: Stacks) => allow(sealer(data), ['dynamodb:*'], [data.table.tableArn]),
      rule: 'AwsSolutions-IAM5[Action::dynamodb:*] at netkeep-data/Sealer/Role/DefaultPolicy/Resource',
    },
    {
      what: 'every resource',
      add: ({ data }: Stacks) => allow(sealer(data), ['s3:GetObject'], ['*']),
      rule: 'AwsSolutions-IAM5[Resource::*] at netkeep-data/Sealer/Role/DefaultPolicy/Resource',
    },
    {
      what: 'a wildcard of one role does not cover another prefix',
      add: ({ data }: Stacks) => {
        allowObjects(sealer(data), data.archive, 'git/', ['s3:GetObject'])
        sealer(data).role?.addToPrincipalPolicy(
          new PolicyStatement({
            actions: ['s3:GetObject'],
            resources: [data.archive.arnForObjects('raw/*')],
          }),
        )
      },
      rule: expect.stringMatching(
        /^AwsSolutions-IAM5\[Resource::<Archive\w+\.Arn>\/raw\/\*\] at netkeep-data\/Sealer/,
      ) as string,
    },
  ])('stops the synthesis of $what', ({ add, rule }) => {
    const app = freshApp()
    add(stacksOf(app))

    expect(() => app.synth()).toThrow(/validation-report\.json/)
    expect(findings(app)).toEqual(expect.arrayContaining([rule]))
  })
})

describe('acknowledgements', () => {
  let nodes: IConstruct[]

  beforeAll(() => {
    const app = freshApp()
    app.synth()
    nodes = app.node.findAll()
  })

  test('stand on single resources, never on a stack or the app', () => {
    const broad = nodes.filter(
      (node) => (App.isApp(node) || Stack.isStack(node)) && reasonsOn(node).length > 0,
    )

    expect(broad.map(({ node }) => node.path)).toEqual([])
  })

  test('each give their reason in a sentence', () => {
    const reasons = nodes.flatMap(reasonsOn)

    expect(reasons.length).toBeGreaterThan(20)
    expect(reasons.filter((reason) => !/^[A-Z].{30,}\.$/.test(reason))).toEqual([])
  })
})

type Stacks = { data: DataStack; backups: BackupsStack; api: ApiStack }

function stacksOf(app: App): Stacks {
  const [data, backups, , api] = app.node.children
  if (!(data instanceof DataStack && backups instanceof BackupsStack && api instanceof ApiStack)) {
    throw new Error('the app has other stacks than this test knows')
  }
  return { data, backups, api }
}

function sealer(data: DataStack): LambdaFunction {
  const found = data.node.findChild('Sealer').node.findChild('Function')
  if (!(found instanceof LambdaFunction)) throw new Error('the sealer is no function')
  return found
}

function reasonsOn({ node }: IConstruct): string[] {
  return node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.values(data as Record<string, string>))
}
