/**
 * Object storage as the product sees it. `functions/lib/s3-objects.ts` implements it over S3.
 * Keys are relative to one bucket. Values are whole objects; the callers bound their size.
 * @throws AppError `unavailable` when the store does not answer.
 */
export type ObjectStore = {
  /** The object's bytes, or undefined where there is none. */
  get(key: string): Promise<Uint8Array | undefined>
  put(key: string, body: Uint8Array | string, options?: { contentType?: string }): Promise<void>
  exists(key: string): Promise<boolean>
  /** Every key below the prefix, in order. */
  list(prefix: string): AsyncIterable<{ key: string; bytes: number }>
}
