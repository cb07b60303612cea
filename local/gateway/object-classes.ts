import type { Caller } from '../service.ts'
import type { PolicyDocument } from '../template/resources.ts'

/**
 * Objects of S3 are many and a decision costs a millisecond, so objects that the policies cannot tell apart are decided
 * once. What they can tell is which of their patterns an object's ARN matches.
 */
type ObjectClasses = {
  /** Equal for two objects that meet the same patterns. The ARN itself where a pattern has a variable in it. */
  classOf: (arn: string) => string
}

export function objectClasses(policies: readonly PolicyDocument[]): ObjectClasses {
  const patterns = [...new Set(policies.flatMap(({ Statement }) => Statement.flatMap(patternsIn)))]
  if (patterns.some((pattern) => pattern.includes('${'))) return { classOf: (arn) => arn }
  const tests = patterns.map(glob)
  return {
    classOf(arn) {
      const met = tests.flatMap((test, index) => (test.test(arn) ? [index] : []))
      return `${bucketOf(arn)}/ ${met.join()}`
    },
  }
}

type PoliciesFor = (roleArn: string, bucketArn: string) => readonly PolicyDocument[]

/** What a decision is about, for each caller: an object stands for all that the policies cannot tell from it. */
export function objectSubjects(policiesFor: PoliciesFor): {
  of: (caller: Caller, resource: string) => string
} {
  const classes = new Map<string, ObjectClasses>()
  return {
    of(caller, resource) {
      if (!isObject(resource)) return resource
      const bucket = bucketOf(resource)
      const roleArn = caller.kind === 'role' ? caller.roleArn : ''
      const key = `${roleArn} ${bucket}`
      const own = classes.get(key) ?? objectClasses(policiesFor(roleArn, bucket))
      classes.set(key, own)
      return own.classOf(resource)
    },
  }
}

export const isObject = (arn: string): boolean => /^arn:aws:s3:::[^/]+\/./s.test(arn)

/** Of an object the bucket, whose policy counts for it. */
export const bucketOf = (arn: string): string => arn.split('/')[0] ?? arn

/** Also what a statement is not about tells objects apart. */
function patternsIn({ Resource, NotResource }: Record<string, unknown>): string[] {
  return [Resource, NotResource].flat().filter((pattern) => typeof pattern === 'string')
}

/** `*` is any number of characters, `?` one. */
function glob(pattern: string): RegExp {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 's')
}
