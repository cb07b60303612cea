import * as z from 'zod'
import type { Job } from '../core/jobs.ts'
import type { ImportIssue } from './issues.ts'
import { exportFormats } from '../exports/formats.ts'
import { PlanManifest } from './plan.ts'
import { importModes } from './modes.ts'

/** What was asked for; shown with the job. */
export const ImportParams = z.object({
  format: z.enum(exportFormats),
  mode: z.enum(importModes),
  dry_run: z.boolean(),
  delimiter: z.string().optional(),
  filename: z.string().optional(),
  /** The job whose file is read again. */
  from_job: z.int().optional(),
})
export type ImportParams = z.infer<typeof ImportParams>

/** What an import keeps with its job, unseen. */
const ImportJournal = z.object({
  /** Key of the file. */
  source: z.string(),
  awaitsUpload: z.boolean().optional(),
  /** Where the outcome of the check lies. From here on the same plan is carried out, however often it is begun. */
  outcome: z.string().optional(),
  plan: PlanManifest.optional(),
  /** Rows written by the others are being taken back. */
  undo: z.boolean().optional(),
})
export type ImportJournal = z.infer<typeof ImportJournal>

export const readParams = ({ params }: Pick<Job, 'params'>): ImportParams => ImportParams.parse(params)
export const readJournal = ({ journal }: Pick<Job, 'journal'>): ImportJournal => ImportJournal.parse(journal)

/** What became of one part of the plan. */
export const PartNote = z.object({
  created: z.int(),
  changed: z.int(),
  failures: z.array(z.custom<ImportIssue>((value) => typeof value === 'object' && value !== null)),
})
export type PartNote = z.infer<typeof PartNote>

/** Keys of a job's objects in the work bucket. */
export const jobFolder = (jobId: number): string => `jobs/${jobId}/`
export const uploadKey = (jobId: number): string => `uploads/${jobId}`
/** The job that a file was uploaded for. */
export function uploadOwner(key: string): number | undefined {
  const digits = /^uploads\/(\d{1,16})$/.exec(key)?.[1]
  return digits === undefined ? undefined : Number(digits)
}
