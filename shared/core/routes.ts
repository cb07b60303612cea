import * as z from 'zod'
import type { Routes } from '../http/route.ts'
import { jobRoutes } from './job-routes.ts'
import { netboxRoutes } from './netbox/routes.ts'

const count = z
  .string()
  .regex(/^\d{1,15}$/, 'A whole number from 0 is expected.')
  .transform(Number)

const Choice = z.object({ value: z.string(), label: z.string() })

export const ObjectChange = z.object({
  id: z.int(),
  url: z.string(),
  display: z.string(),
  time: z.string(),
  user: z.object({ id: z.int(), url: z.string(), display: z.string(), username: z.string() }).nullable(),
  user_name: z.string(),
  request_id: z.string(),
  action: Choice,
  changed_object_type: z.string(),
  changed_object_id: z.int(),
  object_repr: z.string(),
  message: z.string(),
  token_id: z.int().nullable(),
  prechange_data: z.record(z.string(), z.unknown()).nullable(),
  postchange_data: z.record(z.string(), z.unknown()).nullable(),
  changed_secrets: z.array(z.string()),
})

const Page = z.object({
  count: z.int(),
  next: z.string().nullable(),
  previous: z.string().nullable(),
  results: z.array(ObjectChange),
})

/** In the areas core and extras alike: clients of older NetBox versions ask the latter. */
export const changeRoutes = {
  listChanges: {
    method: 'GET',
    path: '/object-changes/',
    permission: 'core.view_objectchange',
    summary: 'Who changed what, newest first',
    query: z.object({
      limit: count.optional(),
      offset: count.optional(),
      changed_object_type: z.string().max(100).optional(),
      changed_object_id: count.optional(),
      action: z.enum(['create', 'update', 'delete']).optional(),
      user_name: z.string().max(150).optional(),
      user_id: count.optional(),
      request_id: z.string().max(100).optional(),
      time_after: z.iso.datetime({ offset: true }).optional(),
      time_before: z.iso.datetime({ offset: true }).optional(),
      format: z.string().optional(),
    }),
    status: 200,
    response: Page,
    errors: ['validation_failed', 'unknown_parameter'],
  },
  getChange: {
    method: 'GET',
    path: '/object-changes/{id}/',
    permission: 'core.view_objectchange',
    summary: 'One change',
    params: z.object({ id: count }),
    query: z.object({ format: z.string().optional() }),
    status: 200,
    response: ObjectChange,
    errors: ['not_found'],
  },
} as const satisfies Routes

export const coreRoutes = { ...changeRoutes, ...jobRoutes, ...netboxRoutes } as const satisfies Routes
