import * as z from 'zod'
import type { Routes } from '../http/route.ts'

const Found = z.object({
  id: z.int(),
  url: z.string(),
  display: z.string(),
  /** `holds`: a network or a range that holds the address asked for. */
  match: z.enum(['exact', 'holds', 'prefix', 'contains']),
})

export const SearchAnswer = z.object({
  q: z.string(),
  /** Objects of all groups. */
  count: z.int(),
  groups: z.array(
    z.object({
      type: z.string(),
      label: z.string(),
      count: z.int(),
      /** The best ones, up to the limit. */
      objects: z.array(Found),
    }),
  ),
})

/** Objects that are told of each type. */
const limitDefault = 10
const limitMax = 100

export const searchRoutes = {
  search: {
    method: 'GET',
    path: '/search/',
    permission: 'authenticated',
    summary: 'Find anything by its name, address, MAC, serial or asset tag',
    query: z.object({
      q: z.string().trim().min(2, 'At least 2 characters are needed.').max(200),
      types: z.string().max(1000).optional(),
      limit: z
        .string()
        .regex(/^\d{1,3}$/)
        .transform(Number)
        .refine((limit) => limit >= 1 && limit <= limitMax, `From 1 to ${limitMax}.`)
        .optional(),
      format: z.string().optional(),
    }),
    status: 200,
    response: SearchAnswer,
    errors: ['validation_failed', 'unknown_parameter', 'forbidden'],
  },
} as const satisfies Routes

export const searchLimit = (given: number | undefined): number => given ?? limitDefault
