import * as z from 'zod'
import type { Routes } from '../../http/route.ts'

const text = z.string().max(200)
const texts = z.union([text, z.array(text).max(100)]).optional()

/** Filters of the devices' list that a search takes too, by the same names; `device_id` is the list's `id`. */
export const searchFilters = {
  device_id: texts,
  name: texts,
  name__ic: texts,
  site: texts,
  site_id: texts,
  region: texts,
  region_id: texts,
  location_id: texts,
  platform: texts,
  platform_id: texts,
  role: texts,
  role_id: texts,
  manufacturer: texts,
  device_type_id: texts,
  status: texts,
  tag: texts,
} as const

const Line = z.object({
  number: z.int(),
  text: z.string(),
  /** Of each match, where in `text` it starts and ends; none in a line that is only context. */
  matches: z.array(z.tuple([z.int(), z.int()])),
  /** Characters of the line that are left out before `text`. */
  offset: z.int(),
})

const FoundConfig = z.object({
  device: z.object({ id: z.int(), name: z.string() }),
  version: z.int(),
  collected: z.string(),
  /** Matching lines of this configuration; of many, not all are shown. */
  count: z.int(),
  lines: z.array(Line),
})

export const configSearchRoutes = {
  searchConfigs: {
    method: 'GET',
    path: '/search/',
    permission: 'backups.view_config',
    summary: 'Lines of the shown configurations, current or of all stored versions, that match',
    query: z.strictObject({
      q: z
        .string()
        .min(1)
        .max(500)
        .regex(/^[^\n\r]*$/, 'A line is searched at a time: no line ends, please.'),
      regex: z.stringbool().default(false),
      case: z.stringbool().default(true),
      history: z.stringbool().default(false),
      since: z.iso.datetime({ offset: true }).optional(),
      until: z.iso.datetime({ offset: true }).optional(),
      context: z.coerce.number().int().min(0).max(10).default(0),
      lines: z.coerce.number().int().min(1).max(100).default(20),
      limit: z.coerce.number().int().min(1).max(100).default(50),
      seconds: z.coerce.number().min(1).max(20).default(10),
      after: z.string().max(100).optional(),
      ...searchFilters,
    }),
    status: 200,
    response: z.object({
      /** Configurations searched for this answer. */
      searched: z.int(),
      /** `page`: it is full; `time`: the seconds are over. Null when everything was searched. */
      stopped: z.enum(['page', 'time']).nullable(),
      /** Asks for the rest, with the other parameters as they are. */
      after: z.string().nullable(),
      results: z.array(FoundConfig),
    }),
    errors: ['validation_failed', 'unknown_parameter', 'unavailable'],
  },
} as const satisfies Routes
