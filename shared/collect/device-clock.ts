/** The time that a device may take in all. Waiting for one's turn is not the device's doing: the clock stands still. */
export class DeviceClock {
  readonly #expire: () => void
  #leftMs: number
  #startedAt = 0
  #timer: NodeJS.Timeout | undefined

  constructor(ms: number, expire: () => void) {
    this.#leftMs = ms
    this.#expire = expire
  }

  start(): void {
    this.stop()
    this.#startedAt = performance.now()
    this.#timer = setTimeout(this.#expire, Math.max(0, this.#leftMs))
  }

  stop(): void {
    if (this.#timer === undefined) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#leftMs -= performance.now() - this.#startedAt
  }

  /** Not counted while the task takes. */
  async without<T>(task: () => Promise<T>): Promise<T> {
    this.stop()
    try {
      return await task()
    } finally {
      this.start()
    }
  }
}
