import { beforeAll, describe, expect, test } from 'vitest'
import { expectedAccess } from './expected-access.ts'
import { inWords, plainId, synthesise, type Resource, type Synthesised } from './synthesised.ts'

type Statement = {
  Effect: string
  Action: string | string[]
  Resource: unknown
  Condition?: Record<string, Record<string, unknown>>
}

let synthesised: Synthesised
let access: Record<string, string[]>

beforeAll(() => {
  synthesised = synthesise()
  access = accessByRole(synthesised)
})

describe('what each role may do', () => {
  test('every role is expected, and every expected role is there', () => {
    expect(Object.keys(access).toSorted()).toEqual(Object.keys(expectedAccess).toSorted())
  })

  test.each(Object.keys(expectedAccess))('%s may do exactly this', (role) => {
    expect(access[role]).toEqual(expectedAccess[role]?.toSorted())
  })

  test('no action has a wildcard', () => {
    const actions = Object.values(access)
      .flat()
      .map((line) => line.split(' ')[0] ?? '')

    expect(actions.length).toBeGreaterThan(100)
    expect(actions.filter((action) => action.includes('*'))).toEqual([])
  })

  test('only who speaks to others with a login of its own, tags secrets of the past or reveals opens the keyring, and one alone reads the sealed texts back', () => {
    const holders = (wanted: RegExp): string[] =>
      Object.keys(access).filter((role) => access[role]?.some((line) => wanted.test(line)))

    expect(holders(/^kms:Decrypt /)).toEqual([
      'functions/tasks/collect-devices.ts',
      'functions/tasks/notify-subscribers.ts',
      'functions/tasks/push-remotes.ts',
      'functions/tasks/import-history.ts',
      'functions/tasks/sync-netbox.ts',
      'functions/api/reveal.ts',
    ])
    expect(holders(/^s3:GetObject <Archive>\/(\*|raw\/)/)).toEqual(['functions/api/reveal.ts'])
  })

  test('every function has a role of its own', () => {
    const roles = synthesised
      .ofType('AWS::Lambda::Function')
      .map(({ stack, properties }) => `${stack} ${inWords(properties['Role'], synthesised)}`)

    expect(new Set(roles).size).toBe(roles.length)
  })
})

/** Role → lines of `action resource [if condition]`. A function's role goes by the function's entry. */
function accessByRole(all: Synthesised): Record<string, string[]> {
  const found: Record<string, string[]> = {}
  for (const role of all.ofType('AWS::IAM::Role')) {
    const inline = (role.properties['Policies'] ?? []) as { PolicyDocument: { Statement: Statement[] } }[]
    const attached = all.ofType('AWS::IAM::Policy').filter((policy) => isAttached(policy, role))
    const documents = [
      ...inline.map(({ PolicyDocument }) => PolicyDocument),
      ...attached.map(({ properties }) => properties['PolicyDocument'] as { Statement: Statement[] }),
    ]
    if (role.properties['ManagedPolicyArns'] !== undefined) throw new Error(`${role.id} has managed policies`)
    const lines = documents.flatMap(({ Statement }) =>
      Statement.flatMap((statement) => linesOf(statement, all)),
    )
    found[nameOf(role, all)] = [...new Set(lines)].toSorted()
  }
  return found
}

function isAttached(policy: Resource, role: Resource): boolean {
  const roles = (policy.properties['Roles'] ?? []) as { Ref: string }[]
  return policy.stack === role.stack && roles.some(({ Ref }) => Ref === role.id)
}

function nameOf(role: Resource, all: Synthesised): string {
  const holder = all
    .ofType('AWS::Lambda::Function')
    .find(
      ({ stack, properties }) =>
        stack === role.stack && inWords(properties['Role'], all) === `<${plainId(role.id)}>`,
    )
  return holder === undefined ? plainId(role.id) : String(holder.metadata['netkeep:entry'])
}

function linesOf(statement: Statement, all: Synthesised): string[] {
  const condition = statement.Condition === undefined ? '' : ` if ${JSON.stringify(statement.Condition)}`
  const effect = statement.Effect === 'Allow' ? '' : `${statement.Effect} `
  return [statement.Action]
    .flat()
    .flatMap((action) =>
      [statement.Resource]
        .flat()
        .map((resource) => `${effect}${action} ${inWords(resource, all)}${condition}`),
    )
}
