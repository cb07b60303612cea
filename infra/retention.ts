import { RetentionDays } from 'aws-cdk-lib/aws-logs'

/** How long each kind of log is kept. The audit is in the table and outlives all of them. */
export const logRetention = {
  function: RetentionDays.THREE_MONTHS,
  workflow: RetentionDays.THREE_MONTHS,
  /** Who called what: kept as long as an incident may go unnoticed. */
  apiAccess: RetentionDays.ONE_YEAR,
} as const

export const objectDays = {
  /** Work lists and map results are of use while a run is young. */
  work: 30,
  /** Texts that retention let go: long enough to notice that a policy was meant otherwise. */
  deletedTexts: 30,
  /** An interrupted upload is never continued. */
  unfinishedUploads: 7,
  /** Packs whose objects others have taken over: long enough to notice that something is amiss. */
  deletedPacks: 30,
  /** S3 server access logs. */
  accessLogs: 365,
} as const
