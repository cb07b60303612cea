import * as z from 'zod'
import { changeRoutes } from '../core/routes.ts'
import type { Routes } from '../http/route.ts'

const id = z
  .string()
  .regex(/^[1-9]\d{0,15}$/)
  .transform(Number)

const count = z
  .string()
  .regex(/^\d{1,15}$/, 'A whole number from 0 is expected.')
  .transform(Number)

const listedMax = 1000
const listedDefault = 50

/** An object by what names it, and what becomes of its tags. */
const Tagged = z.object({
  id: z.int(),
  url: z.string(),
  display: z.string(),
  /** Slugs of the tags it would get. */
  add_tags: z.array(z.string()),
  /** Slugs of the tags that the rule has put there, and would take off. */
  remove_tags: z.array(z.string()),
})

export const TestedRule = z.object({
  matched: z.int(),
  /** Of the matched ones, those that lack a tag. */
  to_add: z.int(),
  /** Those that match no more and still have a tag from this rule. */
  to_remove: z.int(),
  /** The first ones, up to the limit: those that would change, then those that have the tags already. */
  objects: z.array(Tagged),
})

const AppliedRule = z.object({
  matched: z.int(),
  added: z.int(),
  removed: z.int(),
  /** Rows that the next call will change. */
  remaining: z.int(),
  complete: z.boolean(),
})

/** A choice in the shape of a nested object, as NetBox has it. */
const ChoicesShown = z.object({
  count: z.int(),
  next: z.string().nullable(),
  previous: z.string().nullable(),
  results: z.array(z.object({ id: z.string(), display: z.string() })),
})

export const extrasRoutes = {
  listChoices: {
    method: 'GET',
    path: '/custom-field-choice-sets/{id}/choices/',
    permission: 'extras.view_customfieldchoiceset',
    summary: 'The choices of a set, in their order',
    params: z.object({ id }),
    query: z.object({
      /** A part of the value or of the label, without regard to case. */
      q: z.string().max(100).optional(),
      limit: count.optional(),
      offset: count.optional(),
      format: z.string().optional(),
    }),
    status: 200,
    response: ChoicesShown,
    errors: ['not_found', 'forbidden', 'validation_failed', 'unknown_parameter'],
  },
  testTagRule: {
    method: 'POST',
    path: '/tag-rules/{id}/test/',
    permission: 'extras.view_tagrule',
    summary: 'What a tag rule would do; nothing is changed',
    params: z.object({ id }),
    body: z.strictObject({ limit: z.int().min(1).max(listedMax).default(listedDefault) }).prefault({}),
    status: 200,
    response: TestedRule,
    errors: ['validation_failed', 'not_found', 'forbidden'],
  },
  applyTagRule: {
    method: 'POST',
    path: '/tag-rules/{id}/apply/',
    permission: 'extras.change_tagrule',
    summary: 'Give the matching objects the tags of a rule, at most 1,000 objects a call',
    params: z.object({ id }),
    body: z
      .strictObject({
        /** Take the tags that this rule has given off objects that match no more. */
        remove: z.boolean().default(false),
      })
      .prefault({}),
    status: 200,
    response: AppliedRule,
    errors: ['validation_failed', 'not_found', 'forbidden', 'rule_off', 'write_conflict'],
  },
  ...changeRoutes,
} as const satisfies Routes
