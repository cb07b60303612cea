import type * as z from 'zod'

/** pynetbox takes the first of these for the name of the object they are in. */
const nameMembers = ['name', 'label', 'display'] as const

/**
 * What a free-form member of an object may hold, so that NetBox's clients can still read the list it is in. pynetbox
 * makes objects of nested members at any depth: a `url` must be an address of the API, a name must be a text, else it
 * reads none of the rows. Values in `custom_fields` it leaves as they are.
 */
export const freeForm = <S extends z.ZodType>(schema: S): S =>
  schema.superRefine((value, context) => {
    const message = problemOf(value)
    if (message !== undefined) context.addIssue({ code: 'custom', message })
  })

function problemOf(value: unknown): string | undefined {
  if (value === null || typeof value !== 'object') return undefined
  if (!Array.isArray(value)) {
    if (Object.hasOwn(value, 'url')) return 'NetBox clients take a member "url" for an address of the API.'
    const members = value as Readonly<Record<string, unknown>>
    const name = nameMembers.find((one) => (members[one] ?? '') !== '' && typeof members[one] !== 'string')
    if (name !== undefined) return `NetBox clients take a member "${name}" for a name: it must be a text.`
  }
  return Object.values(value)
    .map(problemOf)
    .find((message) => message !== undefined)
}
