import type { Actor } from '../model/change.ts'
import type { Permission } from '../model/define.ts'

/** Who calls, proven by a token. Reaches every write. */
export type Caller = Actor & {
  userId: number
  tokenId: number
  /** A token may be for reading only. */
  writeEnabled: boolean
  can(permission: Permission): boolean
}
