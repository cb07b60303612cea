import * as z from 'zod'

/** What a list that is no model's is asked by. */
export const Page = z.strictObject({
  limit: z.coerce.number().int().min(0).max(1000).default(50),
  offset: z.coerce.number().int().min(0).default(0),
})

/** Its answer. */
export const listOf = <S extends z.ZodType>(member: S) =>
  z.object({
    count: z.int(),
    next: z.string().nullable(),
    previous: z.string().nullable(),
    results: z.array(member),
  })
