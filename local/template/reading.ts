import * as z from 'zod'
import type { Identity } from './identities.ts'
import type { Declared } from './resources.ts'

/** One resource with every intrinsic resolved and its properties parsed. */
export type Read<T> = Declared & { is: T; identity: Identity; metadata: Record<string, unknown> }

/** What the readers of the resource types work with. */
export type Reading = {
  /** All resources of the types; what does not parse becomes a problem of the template, not an exception. */
  each<T>(types: string | readonly string[], schema: z.ZodType<T>): Read<T>[]
  problem(declared: Declared, what: string): void
}

/** Properties that change nothing here, each named, so that a new property is never passed over in silence. */
export function withoutEffect<const Name extends string>(
  ...names: Name[]
): Record<Name, z.ZodOptional<z.ZodUnknown>> {
  return Object.fromEntries(names.map((name) => [name, z.unknown().optional()])) as Record<
    Name,
    z.ZodOptional<z.ZodUnknown>
  >
}
