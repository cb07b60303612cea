import { runSimulation, type Simulation } from '@cloud-copilot/iam-simulate'
import { type Caller, type Need, ServiceError } from '../service.ts'
import type { PolicyDocument, TemplateResources } from '../template/resources.ts'
import { bucketOf, isObject, objectSubjects } from './object-classes.ts'

export type Authorizer = {
  isAllowed(caller: Caller, need: Need): Promise<boolean>
  /** @throws ServiceError AccessDeniedException naming function, role, action and resource. */
  require(caller: Caller, needs: readonly Need[]): Promise<void>
}

/** Decisions kept; one costs about a millisecond. */
const decisionsMax = 20_000

export function createAuthorizer(
  resources: TemplateResources,
  account: string,
  denied: (caller: Caller, need: Need) => void,
): Authorizer {
  const roles = new Map(resources.roles.map((role) => [role.arn, role]))
  const resourcePolicies = policiesOfResources(resources)
  const decisions = new Map<string, boolean>()
  const subjects = objectSubjects((roleArn, bucket) => [
    ...(roles.get(roleArn)?.policies.map(({ document }) => document) ?? []),
    ...[resourcePolicies.get(bucket) ?? []].flat(),
  ])

  async function decide(caller: Exclude<Caller, { kind: 'operator' }>, need: Need): Promise<boolean> {
    const isRole = caller.kind === 'role'
    const resourcePolicy = resourcePolicies.get(owningResource(need.resource))
    const simulation: Simulation = {
      request: {
        principal: isRole ? caller.roleArn : caller.principal,
        action: need.action,
        resource: { resource: need.resource, accountId: account },
        contextVariables: {
          // The runtime speaks HTTP on loopback; policies that insist on TLS mean the network.
          'aws:SecureTransport': 'true',
          ...(need.action.startsWith('s3:') ? { 's3:TlsVersion': '1.3' } : {}),
          ...(isRole ? { 'aws:PrincipalArn': caller.roleArn } : sourceOf(caller, account)),
          ...need.context,
        },
      },
      identityPolicies: isRole
        ? (roles.get(caller.roleArn)?.policies ?? []).map(({ name, document }) => ({
            name,
            policy: document,
          }))
        : [],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(resourcePolicy === undefined ? {} : { resourcePolicy }),
    }
    const decision = await runSimulation(simulation, {})
    if (decision.resultType === 'error')
      throw new Error(
        `${need.action} on ${need.resource} cannot be checked: ${JSON.stringify(decision.errors)}`,
      )
    return decision.overallResult === 'Allowed'
  }

  async function isAllowed(caller: Caller, need: Need): Promise<boolean> {
    if (caller.kind === 'operator') return true
    const principal = caller.kind === 'role' ? caller.roleArn : `${caller.principal} ${caller.sourceArn}`
    const key = JSON.stringify([principal, need.action, subjects.of(caller, need.resource), need.context])
    const known = decisions.get(key)
    if (known !== undefined) return known
    const allowed = await decide(caller, need)
    if (decisions.size >= decisionsMax) decisions.clear()
    decisions.set(key, allowed)
    return allowed
  }

  return {
    isAllowed,
    async require(caller, needs) {
      for (const need of needs) {
        if (await isAllowed(caller, need)) continue
        denied(caller, need)
        throw new ServiceError('AccessDeniedException', denialMessage(caller, need), 403)
      }
    },
  }
}

/** AWS's own sentence: a role's session is named after the function it runs. */
export function denialMessage(caller: Caller, { action, resource }: Need): string {
  return `User: ${nameOf(caller)} is not authorized to perform: ${action} on resource: ${resource} because no policy in the template allows the ${action} action`
}

function nameOf(caller: Caller): string {
  if (caller.kind === 'operator') return 'the operator'
  if (caller.kind === 'service') return `${caller.principal} for ${caller.sourceArn}`
  const role = caller.roleArn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')
  return `${role}/${caller.functionArn?.split(':').at(-1) ?? 'session'}`
}

function sourceOf(caller: Extract<Caller, { kind: 'service' }>, account: string): Record<string, string> {
  return { 'aws:SourceArn': caller.sourceArn, 'aws:SourceAccount': account }
}

function policiesOfResources(resources: TemplateResources): Map<string, PolicyDocument> {
  const policies = new Map<string, PolicyDocument>()
  for (const { arn, policy } of [...resources.buckets, ...resources.queues, ...resources.keys])
    if (policy !== undefined) policies.set(arn, policy)
  for (const { arn, permissions } of resources.functions) {
    const Statement = permissions.map(({ principal, action, sourceArn }) => ({
      Effect: 'Allow',
      Principal: principal.startsWith('arn:') ? { AWS: principal } : { Service: principal },
      Action: action,
      Resource: arn,
      ...(sourceArn === undefined ? {} : { Condition: { ArnLike: { 'aws:SourceArn': sourceArn } } }),
    }))
    if (Statement.length > 0) policies.set(arn, { Version: '2012-10-17', Statement })
  }
  return policies
}

/** The resource whose policy counts: of an object it is the bucket. */
function owningResource(arn: string): string {
  return isObject(arn) ? bucketOf(arn) : arn
}
