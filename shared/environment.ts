/**
 * Names of the environment variables, written once: `infra/` sets them, `functions/lib/env.ts` reads them.
 */
export const environmentNames = {
  table: 'NETKEEP_TABLE',
  archiveBucket: 'NETKEEP_ARCHIVE_BUCKET',
  workBucket: 'NETKEEP_WORK_BUCKET',
  /** Holds snapshots of the catalogs. A function without it reads all changes instead. */
  snapshotBucket: 'NETKEEP_SNAPSHOT_BUCKET',
  keyringKey: 'NETKEEP_KEYRING_KEY',
  jobWorkflow: 'NETKEEP_JOB_WORKFLOW',
  backupWorkflow: 'NETKEEP_BACKUP_WORKFLOW',
  /** Fields of the inventory that a run fills where they are empty, comma-separated. Without it: none. */
  fillEmptyFields: 'NETKEEP_FILL_EMPTY_FIELDS',
  scheduleGroup: 'NETKEEP_SCHEDULE_GROUP',
  scheduleRole: 'NETKEEP_SCHEDULE_ROLE',
  scheduleDeadLetters: 'NETKEEP_SCHEDULE_DEAD_LETTERS',
} as const

export type EnvironmentKey = keyof typeof environmentNames
