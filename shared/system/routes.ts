import * as z from 'zod'
import type { Routes } from '../http/route.ts'

const Status = z.object({
  'netbox-version': z.string(),
  'netkeep-version': z.string(),
  'installed-apps': z.record(z.string(), z.string()),
  plugins: z.record(z.string(), z.string()),
})

/** A whole OpenAPI document, or the map of areas: objects that describe themselves. */
const Document = z.record(z.string(), z.unknown())

/** What anybody may ask, without a token. Clients do, before they have one: pynetbox reads its version here. */
export const systemRoutes = {
  root: {
    method: 'GET',
    path: '/',
    permission: 'public',
    summary: 'The areas of the API',
    query: z.object({ format: z.string().optional() }),
    status: 200,
    response: Document,
    errors: [],
  },
  status: {
    method: 'GET',
    path: '/status/',
    permission: 'public',
    summary: 'Versions, and that it answers',
    query: z.object({ format: z.string().optional() }),
    status: 200,
    response: Status,
    errors: [],
  },
  schema: {
    method: 'GET',
    path: '/schema/',
    permission: 'public',
    summary: 'This API as OpenAPI 3.1',
    query: z.object({ format: z.enum(['json', 'openapi']).optional() }),
    status: 200,
    response: Document,
    errors: ['validation_failed'],
  },
  docs: {
    method: 'GET',
    path: '/docs/',
    permission: 'public',
    summary: 'The same, where older clients look for it',
    query: z.object({ format: z.enum(['json', 'openapi']).optional() }),
    status: 200,
    response: Document,
    errors: ['validation_failed'],
  },
} as const satisfies Routes
