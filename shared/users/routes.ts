import * as z from 'zod'
import type { Routes } from '../http/route.ts'
import { AllowedNetworks } from './models/token.ts'

const NewToken = z.strictObject({
  /** The owner; the caller where it is left out. */
  user: z.int().positive().optional(),
  description: z.string().max(200).optional(),
  write_enabled: z.boolean().optional(),
  expires: z.iso.datetime({ offset: true }).nullable().optional(),
  allowed_ips: AllowedNetworks.optional(),
})

/** A token with its text. */
export const NewTokenShown = z.object({
  id: z.int(),
  url: z.string(),
  display: z.string(),
  /** Shown this once. */
  key: z.string(),
  start: z.string(),
  user: z.object({ id: z.int(), url: z.string(), display: z.string(), username: z.string() }),
  description: z.string(),
  write_enabled: z.boolean(),
  expires: z.string().nullable(),
  allowed_ips: AllowedNetworks,
  created: z.string(),
  last_used: z.null(),
})

/** Whoever asks has no token yet: the members are those of a new token, and the password. */
const Provision = NewToken.omit({ user: true }).extend({
  username: z.string().min(1).max(150),
  password: z.string().min(1).max(200),
})

export const userRoutes = {
  provisionToken: {
    method: 'POST',
    path: '/tokens/provision/',
    permission: 'public',
    summary: 'A new token for whoever has the username and the password',
    body: Provision,
    status: 201,
    response: NewTokenShown,
    errors: ['validation_failed', 'unauthenticated', 'too_many_attempts'],
  },
  /** NetBox keeps preferences of its pages here; netkeep has none, and old clients ask all the same. */
  readConfig: {
    method: 'GET',
    path: '/config/',
    permission: 'authenticated',
    summary: 'Preferences of the user: always empty',
    query: z.object({ format: z.string().optional() }),
    status: 200,
    response: z.object({}),
    errors: ['unauthenticated'],
  },
  createToken: {
    method: 'POST',
    path: '/tokens/',
    permission: 'users.add_token',
    summary: 'A new token; its text is shown in this answer only',
    body: NewToken,
    status: 201,
    response: NewTokenShown,
    errors: ['validation_failed', 'reference_missing'],
  },
} as const satisfies Routes
