/** One event source mapping at work. */
export type Source = {
  /** @throws ServiceError AccessDeniedException when the function's role may not read the source. */
  start(): Promise<void>
  stop(): Promise<void>
}

export type SourceOptions = {
  /** Milliseconds in a second of windows and back-offs: 1000, and less in tests. */
  secondMs: number
}
