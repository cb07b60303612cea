import * as z from 'zod'

/** What became of one notification. It is written before the first attempt: a repeated step sends nothing twice. */
export const NotificationItem = z.object({
  runId: z.int(),
  subscriptionId: z.int(),
  name: z.string(),
  channel: z.string(),
  status: z.enum(['sending', 'sent', 'failed']),
  attempts: z.int(),
  changed: z.int(),
  failed: z.int(),
  noncompliant: z.int().default(0),
  conflicts: z.int().default(0),
  at: z.string(),
  error: z.string().optional(),
})
export type NotificationItem = z.infer<typeof NotificationItem>
