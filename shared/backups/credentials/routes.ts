import * as z from 'zod'
import { id } from '../route-fields.ts'
import { JobShown } from '../../core/job-routes.ts'
import { Rotation } from './rotation.ts'
import type { Routes } from '../../http/route.ts'

const params = z.object({ id })

export const UsedBy = z.object({
  device: z.object({ id: z.int(), name: z.string() }),
  /** In which place the device is tried with it. */
  place: z.int(),
  /** It is what the device accepted last. */
  accepted_last: z.boolean(),
  last_success: z.string().nullable(),
})

/** What can be done with a credential beyond keeping it. */
export const credentialRoutes = {
  testCredential: {
    method: 'POST',
    path: '/credentials/{id}/test/',
    permission: 'backups.test_credential',
    summary: 'Log in to a device with it and nothing more; the job tells what came of it',
    params,
    body: z.strictObject({ device: z.int().positive() }),
    status: 202,
    response: JobShown,
    errors: ['not_found', 'validation_failed', 'unavailable'],
  },
  rotateCredential: {
    method: 'POST',
    path: '/credentials/{id}/rotate/',
    permission: 'backups.rotate_credential',
    summary: 'Give it new secrets; the former ones are tried after them until none needs them',
    params,
    body: Rotation,
    status: 200,
    response: z.object({ id: z.int(), secret_version: z.int(), former_until: z.string().nullable() }),
    errors: ['not_found', 'validation_failed', 'rotation_open', 'version_conflict', 'unavailable'],
  },
  dropFormerSecrets: {
    method: 'POST',
    path: '/credentials/{id}/drop-former-secrets/',
    permission: 'backups.rotate_credential',
    summary: 'End a rotation now: the former secrets are deleted',
    params,
    status: 204,
    errors: ['not_found'],
  },
  renewKeyring: {
    method: 'POST',
    path: '/keyring/renew/',
    permission: 'backups.renew_keyring',
    summary: 'Make a new key pair and seal every secret anew to it; a job tells how far it is',
    status: 202,
    response: JobShown,
    errors: ['unavailable'],
  },
  credentialUsedBy: {
    method: 'GET',
    path: '/credentials/{id}/used-by/',
    permission: 'backups.view_credential',
    summary: 'Devices that are tried with it, and whether it was accepted last',
    params,
    query: z.strictObject({
      limit: z.coerce.number().int().min(0).max(1000).default(50),
      offset: z.coerce.number().int().min(0).default(0),
      accepted_last: z.stringbool().optional(),
    }),
    status: 200,
    response: z.object({
      count: z.int(),
      next: z.string().nullable(),
      previous: z.string().nullable(),
      results: z.array(UsedBy),
    }),
    errors: ['not_found'],
  },
} as const satisfies Routes
