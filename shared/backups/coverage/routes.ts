import * as z from 'zod'
import { id } from '../route-fields.ts'
import { failureCategories, type FailureCategory } from '../../collect/outcome.ts'
import type { Routes } from '../../http/route.ts'

const categories = Object.keys(failureCategories) as [FailureCategory, ...FailureCategory[]]
const standing = z.enum(['fresh', 'stale', 'failing', 'never'])
const ids = z.union([id.transform((one) => [one]), z.array(id)])

export const ShownCovered = z.object({
  device: z.object({ id: z.int(), name: z.string() }),
  site: z.int(),
  standing,
  last_success: z.string().nullable(),
  last_failure: z.string().nullable(),
  category: z.enum(categories).nullable(),
  failures_in_row: z.int(),
  version: z.int().nullable(),
})

export const coverageRoutes = {
  coverage: {
    method: 'GET',
    path: '/coverage/',
    permission: 'backups.view_run',
    summary: 'How well the devices are backed up: fresh, stale, failing (by cause) or never',
    query: z.strictObject({
      max_age_hours: z.coerce.number().min(1).max(87_600).default(26),
      standing: standing.optional(),
      category: z.enum(categories).optional(),
      site_id: ids.optional(),
      tag_id: ids.optional(),
      platform_id: ids.optional(),
      limit: z.coerce.number().int().min(0).max(1000).default(50),
      offset: z.coerce.number().int().min(0).default(0),
    }),
    status: 200,
    response: z.object({
      total: z.int(),
      standings: z.record(standing, z.int()),
      failing_by: z.partialRecord(z.enum(categories), z.int()),
      count: z.int(),
      next: z.string().nullable(),
      previous: z.string().nullable(),
      results: z.array(ShownCovered),
    }),
    errors: ['validation_failed', 'unknown_parameter'],
  },
} as const satisfies Routes
