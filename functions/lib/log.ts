import { Logger } from '@aws-lambda-powertools/logger'

/** JSON lines. Give what belongs to one request with the line itself: a local worker serves several at once. */
export const logger = new Logger({ serviceName: 'netkeep' })
