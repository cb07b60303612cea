import type { Links } from '../model/output.ts'
import type { Query } from '../model/query.ts'

/** A request as the gateway handed it over, free of the gateway's own words. */
export type HttpRequest = {
  method: string
  /** As it came, decoded part by part when it is matched. */
  path: string
  query: Query
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>
  body: Uint8Array
  links: Links
  requestId: string
  sourceAddress: string
}

export type Reply = {
  status: number
  headers?: Readonly<Record<string, string>>
  /** Sent as JSON unless it is bytes or text with a content type of its own. */
  body?: unknown
}

/** An answer that is not JSON. `status` where it is not the route's. */
export type RawReply = {
  status?: number
  headers: Readonly<Record<string, string>>
  body: Uint8Array | string
}

/** Bytes of a JSON body. A Lambda takes 6 MB with everything around it. */
export const bodyBytesMax = 5_000_000
/** Rows of one bulk request: what a function does in its 30 s with room to spare. */
export const bulkRowsMax = 1000
