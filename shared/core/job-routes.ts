import * as z from 'zod'
import type { Routes } from '../http/route.ts'
import { issueCodes, type IssueCode } from '../imports/issues.ts'
import { exportFormats } from '../exports/formats.ts'
import { importModes } from '../imports/modes.ts'

const count = z
  .string()
  .regex(/^\d{1,15}$/, 'A whole number from 0 is expected.')
  .transform(Number)
const jobId = z.object({ id: count })
const page = { limit: count.optional(), offset: count.optional(), format: z.string().optional() }

/** A job as its model shows it. */
export const JobShown = z.looseObject({
  id: z.int(),
  url: z.string(),
  display: z.string(),
  name: z.string(),
  kind: z.string(),
  state: z.object({ value: z.string(), label: z.string() }),
})

/** Bytes of a text in the request itself; larger files are uploaded. */
const textMax = 4_000_000

const NewImport = z.strictObject({
  model: z.string().max(100),
  format: z.enum(exportFormats).optional(),
  mode: z.enum(importModes).default('atomic'),
  dry_run: z.boolean().default(true),
  /** Of CSV; found out where it is not given. */
  delimiter: z.enum([',', ';', '\t', '|']).optional(),
  filename: z.string().max(200).optional(),
  text: z.string().max(textMax).optional(),
  /** How large the upload will be: another size is refused then. */
  bytes: z.int().min(1).optional(),
  /** An earlier import whose file is read again, for example after a dry run. */
  from_job: z.int().optional(),
  message: z.string().max(200).optional(),
})
export type NewImport = z.infer<typeof NewImport>

export const Upload = z.object({
  method: z.literal('PUT'),
  link: z.string(),
  headers: z.record(z.string(), z.string()),
  expires: z.string(),
})

const ImportError = z.object({
  index: z.int().nullable(),
  line: z.int().nullable(),
  column: z.string().nullable(),
  code: z.enum(Object.keys(issueCodes) as [IssueCode, ...IssueCode[]]),
  message: z.string(),
  suggestion: z.string().nullable(),
})

const JobFile = z.object({ name: z.string(), bytes: z.int(), link: z.string(), expires: z.string() })

const pageOf = <T extends z.ZodType>(member: T) =>
  z.object({
    count: z.int(),
    next: z.string().nullable(),
    previous: z.string().nullable(),
    results: z.array(member),
  })

/** Who asked for a job may do all of this with it; others need the permission of the model. */
export const jobRoutes = {
  startImport: {
    method: 'POST',
    path: '/imports/',
    permission: 'authenticated',
    summary: 'Check a file of objects, and write them unless it is a dry run',
    body: NewImport,
    status: 202,
    response: JobShown.extend({ upload: Upload.optional() }),
    errors: ['validation_failed', 'forbidden', 'not_found', 'unavailable'],
  },
  cancelJob: {
    method: 'POST',
    path: '/jobs/{id}/cancel/',
    permission: 'authenticated',
    summary: 'Stop a job; what it has written stays written',
    params: jobId,
    status: 200,
    response: JobShown,
    errors: ['not_found', 'forbidden', 'job_finished', 'unavailable'],
  },
  resumeJob: {
    method: 'POST',
    path: '/jobs/{id}/resume/',
    permission: 'authenticated',
    summary: 'Go on with a job that was interrupted',
    params: jobId,
    status: 202,
    response: JobShown,
    errors: ['not_found', 'forbidden', 'job_not_stopped', 'unavailable'],
  },
  jobErrors: {
    method: 'GET',
    path: '/jobs/{id}/errors/',
    permission: 'authenticated',
    summary: 'Everything that an import found wrong, in the order of the file',
    params: jobId,
    query: z.object(page),
    status: 200,
    response: pageOf(ImportError),
    errors: ['not_found', 'forbidden', 'validation_failed', 'unknown_parameter'],
  },
  jobFiles: {
    method: 'GET',
    path: '/jobs/{id}/files/',
    permission: 'authenticated',
    summary: 'Files of a job, with links that work for a quarter of an hour',
    params: jobId,
    query: z.object(page),
    status: 200,
    response: pageOf(JobFile),
    errors: ['not_found', 'forbidden', 'validation_failed', 'unknown_parameter'],
  },
  jobFile: {
    method: 'GET',
    path: '/jobs/{id}/files/{name}/',
    permission: 'authenticated',
    summary: 'A file of a job: redirects to a link that works for a quarter of an hour',
    params: z.object({ id: count, name: z.string().regex(/^[\w.-]{1,100}$/) }),
    status: 200,
    response: 'raw',
    errors: ['not_found', 'forbidden'],
  },
} as const satisfies Routes
