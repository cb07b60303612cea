/** Why a push did not succeed, and whether another attempt may without anybody doing anything. */
export const pushFailures = {
  unreachable: { isPassing: true },
  /** 429 and 5xx. */
  unavailable: { isPassing: true },
  login_rejected: { isPassing: false },
  no_such_repository: { isPassing: false },
  /** What answers does not speak as git does. */
  not_git: { isPassing: false },
  /** The branch there has commits that ours has not. */
  diverged: { isPassing: false },
  /** By the remote's own rules, such as a protected branch or a limit of size. */
  refused: { isPassing: false },
  /** A fault of ours. */
  internal: { isPassing: true },
} as const satisfies Record<string, { isPassing: boolean }>

export type PushFailure = keyof typeof pushFailures

/** The message is for people, and never holds a secret. */
export class PushError extends Error {
  override name = 'PushError'
  readonly reason: PushFailure
  constructor(reason: PushFailure, message: string) {
    super(message)
    this.reason = reason
  }
}
