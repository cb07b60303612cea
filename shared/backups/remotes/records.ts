import * as z from 'zod'
import { pushFailures, type PushFailure } from '../../git/push/push-error.ts'

const Failure = z.enum(Object.keys(pushFailures) as [PushFailure, ...PushFailure[]])

/** How far a remote is. Whoever pushes writes it after each step; of two, the later one counts. */
export const RemoteState = z.object({
  remoteId: z.int(),
  /** What it tells of: a remote that is given another place begins anew. */
  remoteUrl: z.string(),
  branch: z.string(),
  /** Where the remote's branch stood last. */
  commit: z.string().optional(),
  /** When all there was had been pushed, or was found to be there. */
  pushedAt: z.string().optional(),
  attemptedAt: z.string(),
  /** Attempts in a row that failed. */
  failures: z.int(),
  error: z.object({ reason: Failure, message: z.string() }).optional(),
})
export type RemoteState = z.infer<typeof RemoteState>

/** What is noted of the place where the remote is now. */
export const stateFor = (
  { remote_url, branch }: { remote_url: string; branch: string },
  state: RemoteState | undefined,
): RemoteState | undefined => (state?.remoteUrl === remote_url && state.branch === branch ? state : undefined)
