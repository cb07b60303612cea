import type { Context } from 'aws-lambda'
import * as z from 'zod'
import { AppError } from '../../shared/errors.ts'
import { logger } from './log.ts'

/**
 * One Step Functions task: the payload is parsed, the function called, its answer given back.
 * A thrown AppError keeps its code as the error's name, so that Retry and Catch can match it; anything else is a
 * fault of ours and is logged with its cause.
 */
export function taskLambda<Input, Output>(
  schema: z.ZodType<Input>,
  run: (input: Input) => Promise<Output>,
): (event: unknown, context: Context) => Promise<Output> {
  return async (event, context) => {
    logger.addContext(context)
    const input = schema.safeParse(event)
    if (!input.success) {
      const detail = `${context.functionName}: ${z.prettifyError(input.error)}`
      logger.error('task input refused', { detail })
      throw new AppError('validation_failed', detail)
    }
    try {
      return await run(input.data)
    } catch (error) {
      logger.error('task failed', error instanceof Error ? error : new Error(String(error)))
      throw error
    }
  }
}
