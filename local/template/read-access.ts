import * as z from 'zod'
import { managedPolicies } from './managed-policies.ts'
import type { PolicyDocument, RoleResource } from './resources.ts'
import { type Reading, withoutEffect } from './reading.ts'

const statement = z.record(z.string(), z.unknown())
const Document = z.object({
  Version: z.string().optional(),
  // IAM takes a single statement without its list, too.
  Statement: z.union([z.array(statement), statement.transform((one) => [one])]),
})

const Role = z.strictObject({
  AssumeRolePolicyDocument: Document,
  Policies: z.array(z.object({ PolicyName: z.string(), PolicyDocument: Document })).default([]),
  ManagedPolicyArns: z.array(z.string()).default([]),
  ...withoutEffect('RoleName', 'Description', 'MaxSessionDuration', 'Path', 'Tags'),
})

const Policy = z.strictObject({
  PolicyDocument: Document,
  Roles: z.array(z.string()).default([]),
  ...withoutEffect('PolicyName', 'ManagedPolicyName', 'Description', 'Path'),
})

/** Roles with everything that is attached to them: inline, AWS::IAM::Policy and managed. */
export function readAccess(reading: Reading): RoleResource[] {
  const attached = reading.each(['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'], Policy)
  return reading.each('AWS::IAM::Role', Role).map((role) => {
    const { stack, logicalId, is, identity } = role
    const inline = is.Policies.map(({ PolicyName, PolicyDocument }) => ({
      name: PolicyName,
      document: PolicyDocument as PolicyDocument,
    }))
    const separate = attached
      .filter(({ is: { Roles } }) => Roles.includes(identity.ref))
      .map((policy) => ({ name: policy.logicalId, document: policy.is.PolicyDocument as PolicyDocument }))
    const managed = is.ManagedPolicyArns.flatMap((arn) => {
      const name = arn.split('/').at(-1) ?? arn
      const document = managedPolicies[name]
      if (document !== undefined) return [{ name, document }]
      reading.problem(role, `the managed policy ${arn} is not known to the local runtime`)
      return []
    })
    return {
      stack,
      logicalId,
      name: identity.ref,
      arn: identity.attributes['Arn'] ?? '',
      trust: is.AssumeRolePolicyDocument as PolicyDocument,
      policies: [...inline, ...separate, ...managed],
    }
  })
}
