import { Stack, Validations } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'

/**
 * Accepts findings of cdk-nag on one construct (and its children), each with the reason why it is right here.
 * A finding with a bracket, such as `AwsSolutions-IAM5[Resource::*]`, is accepted for exactly that value.
 */
export function acknowledge(construct: IConstruct, reasons: Readonly<Record<string, string>>): void {
  Validations.of(construct).acknowledge(...Object.entries(reasons).map(([id, reason]) => ({ id, reason })))
}

/** A resource with a wildcard in it: `before`, an attribute of another construct, `after`. */
export type WildcardResource = { before?: string; owner: IConstruct; attribute: string; after: string }

/** Accepts exactly this wildcard resource on a role, by the name that cdk-nag gives it. */
export function acknowledgeWildcard(role: IConstruct, resource: WildcardResource, reason: string): void {
  const { before = '', owner, attribute, after } = resource
  acknowledge(role, {
    [`AwsSolutions-IAM5[Resource::${before}${written(role, owner, attribute)}${after}]`]: reason,
  })
}

/** An attribute as cdk-nag writes it: `<LogicalId.Arn>`, or the name of the export it is imported by. */
function written(reader: IConstruct, owner: IConstruct, attribute: string): string {
  const theirs = Stack.of(owner)
  const ours = Stack.of(reader)
  const value: unknown = ours.resolve(theirs === ours ? attribute : theirs.exportValue(attribute))
  if (typeof value === 'object' && value !== null) {
    if ('Fn::GetAtt' in value && Array.isArray(value['Fn::GetAtt']))
      return `<${value['Fn::GetAtt'].join('.')}>`
    if ('Fn::ImportValue' in value && typeof value['Fn::ImportValue'] === 'string')
      return value['Fn::ImportValue']
    if ('Ref' in value && typeof value.Ref === 'string') return `<${value.Ref}>`
  }
  throw new Error(`${owner.node.path}: cannot write ${JSON.stringify(value)} as cdk-nag does`)
}
