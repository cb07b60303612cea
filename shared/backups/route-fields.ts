import * as z from 'zod'
import { failureCategories, type FailureCategory } from '../collect/outcome.ts'

/** What the routes of several parts say alike. */

export const id = z.coerce.number().int().positive()

/** Of an imported history, numbers are below zero. */
export const versionNumber = z.coerce.number().int().min(-1_000_000_000).max(1_000_000_000)

const categories = Object.keys(failureCategories) as [FailureCategory, ...FailureCategory[]]
export const category = z.enum(categories)

export const NamedDevice = z.object({ id: z.int(), name: z.string() })

/** `sha256` as `ssh-keygen -l` shows it, without `SHA256:`. */
export const HostKey = z.object({ type: z.string(), sha256: z.string() })

/** Changes that mean something, or those that do not. */
export const significant = z.stringbool().optional()
