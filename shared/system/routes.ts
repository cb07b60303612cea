import * as z from 'zod'
import type { Routes } from '../http/route.ts'

const Status = z.object({
  'netbox-version': z.string(),
  'netbox-full-version': z.string(),
  'netkeep-version': z.string(),
  'installed-apps': z.record(z.string(), z.string()),
  plugins: z.record(z.string(), z.string()),
})

/** A whole OpenAPI document, or the map of areas: objects that describe themselves. */
const Document = z.record(z.string(), z.unknown())

const Plugin = z.object({
  name: z.string(),
  package: z.string(),
  author: z.string(),
  author_email: z.string(),
  description: z.string(),
  version: z.string(),
})

const Me = z.object({
  id: z.int(),
  url: z.string(),
  display: z.string(),
  username: z.string(),
  first_name: z.string(),
  last_name: z.string(),
  email: z.string(),
  is_active: z.boolean(),
  is_superuser: z.boolean(),
  token: z.object({ id: z.int(), write_enabled: z.boolean() }),
})

const Format = z.object({ format: z.string().optional() })

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
    summary: 'Its pages for people; with a format the document, where older clients look for it',
    query: z.object({
      format: z.enum(['json', 'openapi', 'html']).optional(),
      q: z.string().max(200).optional(),
    }),
    status: 200,
    response: 'raw',
    errors: ['validation_failed'],
  },
  docsOperation: {
    method: 'GET',
    path: '/docs/operations/{name}/',
    permission: 'public',
    summary: 'One operation, for people',
    params: z.object({ name: z.string().max(200) }),
    status: 200,
    response: 'raw',
    errors: ['not_found'],
  },
  docsStyle: {
    method: 'GET',
    path: '/docs/style.css',
    permission: 'public',
    summary: 'The style of the pages',
    status: 200,
    response: 'raw',
    errors: [],
  },
  authenticationCheck: {
    method: 'GET',
    path: '/authentication-check/',
    permission: 'authenticated',
    summary: 'Whose token this is',
    query: Format,
    status: 200,
    response: Me,
    errors: ['unauthenticated'],
  },
  plugins: {
    method: 'GET',
    path: '/plugins/',
    permission: 'authenticated',
    summary: 'The areas that NetBox does not have',
    query: Format,
    status: 200,
    response: Document,
    errors: ['unauthenticated'],
  },
  installedPlugins: {
    method: 'GET',
    path: '/plugins/installed-plugins/',
    permission: 'authenticated',
    summary: 'The areas that NetBox does not have, as its clients list plugins',
    query: Format,
    status: 200,
    response: z.array(Plugin),
    errors: ['unauthenticated'],
  },
} as const satisfies Routes
