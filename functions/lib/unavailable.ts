import { AppError } from '../../shared/errors.ts'
import { isPassing } from '../../shared/table/retry.ts'

/**
 * A call of an AWS service. What may pass, after the SDK's own attempts, is thrown as `unavailable`: callers of the API
 * get a 503, and state machines try again.
 */
export async function available<T>(service: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (cause) {
    if (!(cause instanceof Error) || !isPassing(cause)) throw cause
    throw new AppError('unavailable', `${service} does not answer: ${cause.name}`, { cause })
  }
}
