import type { CfnResource, StackTemplate } from './assembly.ts'
import { identify, type Identity, type Place } from './identities.ts'
import { Resolver } from './intrinsics.ts'
import { acceptedWithoutHosting } from './accepted.ts'
import { readAccess } from './read-access.ts'
import { readCompute } from './read-compute.ts'
import { readDistributions } from './read-distributions.ts'
import { readHttpApis } from './read-http-apis.ts'
import { readStores } from './read-stores.ts'
import { readWorkflows } from './read-workflows.ts'
import { type TemplateProblem, TemplateError, Unresolvable } from './problems.ts'
import type { Reading } from './reading.ts'
import type { Declared, TemplateResources } from './resources.ts'

/** One resource with every intrinsic resolved. */
type Resolved = Declared & {
  type: string
  properties: Record<string, unknown>
  metadata: Record<string, unknown>
  identity: Identity
}

/**
 * The typed view of a synthesised app.
 * @throws TemplateError naming every resource, property and intrinsic that cannot be hosted.
 */
export function readTemplate(stacks: readonly StackTemplate[], place: Place): TemplateResources {
  const problems: TemplateProblem[] = []
  const resolved = resolveAll(stacks, place, problems)
  const handled = new Set<string>()
  const reading: Reading = {
    each(types, schema) {
      const wanted = typeof types === 'string' ? [types] : types
      for (const type of wanted) handled.add(type)
      return resolved
        .filter(({ type }) => wanted.includes(type))
        .flatMap((resource) => {
          const parsed = schema.safeParse(resource.properties)
          if (parsed.success) return [{ ...resource, is: parsed.data }]
          for (const { path, message } of parsed.error.issues)
            problems.push(problemOf(resource, `${resource.type} ${path.join('.')}: ${message}`))
          return []
        })
    },
    problem: (declared, what) => problems.push(problemOf(declared, what)),
  }
  const roles = readAccess(reading)
  const resources: TemplateResources = {
    ...readStores(reading),
    ...readCompute(reading),
    ...readWorkflows(reading),
    ...readHttpApis(reading, place),
    ...readDistributions(reading, place),
    roles,
  }
  for (const resource of resolved) {
    if (!handled.has(resource.type) && !(resource.type in acceptedWithoutHosting))
      problems.push(problemOf(resource, `${resource.type} is not hosted by the local runtime`))
  }
  if (problems.length > 0) throw new TemplateError(problems)
  return resources
}

function resolveAll(stacks: readonly StackTemplate[], place: Place, problems: TemplateProblem[]): Resolved[] {
  const declared = new Map<string, CfnResource>()
  for (const { stack, template } of stacks)
    for (const [logicalId, resource] of Object.entries(template.Resources))
      declared.set(`${stack}/${logicalId}`, resource)
  const resolver = new Resolver(stacks, place, identityOf)

  function identityOf(stack: string, logicalId: string): Identity {
    const resource = declared.get(`${stack}/${logicalId}`)
    const given = (property: string): string | undefined => {
      const value = resource?.Properties[property]
      return value === undefined ? undefined : String(resolver.resolve(stack, value))
    }
    return identify(resource?.Type ?? '', { ...place, stack, logicalId, given })
  }

  return [...declared].flatMap(([path, resource]) => {
    const [stack = '', logicalId = ''] = path.split('/')
    // What is not hosted is not resolved either: a dashboard may refer to anything.
    if (resource.Type in acceptedWithoutHosting) return []
    try {
      if (resource.Condition !== undefined && !resolver.holds(stack, resource.Condition)) return []
      const properties = resolver.resolve(stack, resource.Properties) as Record<string, unknown>
      const identity = identityOf(stack, logicalId)
      return [
        { stack, logicalId, type: resource.Type, properties, identity, metadata: resource.Metadata ?? {} },
      ]
    } catch (error) {
      if (!(error instanceof Unresolvable)) throw error
      problems.push({ stack, logicalId, what: error.message })
      return []
    }
  })
}

function problemOf({ stack, logicalId }: Declared, what: string): TemplateProblem {
  return { stack, logicalId, what }
}
