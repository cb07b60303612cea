/**
 * A two-way stream to a device: an SSH shell, or a recorded session. The session machine knows nothing else.
 */
export type Channel = {
  write(text: string): void
  /** Bytes as they come; called from the next turn on, nothing is lost before. */
  onData(listener: (chunk: Uint8Array) => void): void
  /** Once, when the other side is gone or `close` was called. */
  onClose(listener: (cause?: Error) => void): void
  close(): void
}
