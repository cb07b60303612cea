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
  /** Any number of keys; one that is not there is no error. When it throws, some of them may be gone. */
  delete(keys: readonly string[]): Promise<void>
}

/** Links to one object of a bucket that work without credentials, for a while. */
export type ObjectLinks = {
  /** Takes one PUT. @param bytes of exactly this size, where it is given. */
  upload(key: string, options: { seconds: number; bytes?: number }): Promise<string>
  /** @param name of the file that a browser makes of it. */
  download(key: string, options: { seconds: number; name: string }): Promise<string>
}
