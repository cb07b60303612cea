/** Why a NetBox could not be read. */
export type NetboxFailure =
  | 'unreachable'
  | 'unavailable'
  | 'login_rejected'
  | 'forbidden'
  | 'bad_filter'
  | 'not_netbox'
  | 'refused'
  | 'unsteady'

/** The message is for people, and never holds a secret. */
export class NetboxError extends Error {
  override name = 'NetboxError'
  readonly reason: NetboxFailure
  constructor(reason: NetboxFailure, message: string) {
    super(message)
    this.reason = reason
  }
}
