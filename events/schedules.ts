/**
 * What runs by the clock without anybody having asked for it, as data. Schedules that users make live in the
 * inventory (`backups.schedule`) and are mirrored into EventBridge Scheduler.
 */
export const schedules = {
  'sweep-runs': {
    expression: 'rate(5 minutes)',
    entry: 'functions/on/sweep-runs.ts',
    purpose: 'ends backup runs whose execution is gone',
  },
  'renew-index': {
    expression: 'rate(1 hour)',
    entry: 'functions/on/renew-index.ts',
    purpose: 'indexes for the search what no run did: versions of stopped runs, other rules of redaction',
  },
  'settle-packs': {
    expression: 'rate(1 hour)',
    entry: 'functions/on/settle-packs.ts',
    purpose: 'puts the packs of old commits together, and deletes what nobody reads any more',
  },
  'start-retention': {
    expression: 'cron(40 3 * * ? *)',
    entry: 'functions/on/start-retention.ts',
    purpose: 'lets go the configurations that no retention policy keeps',
  },
  'renew-compliance': {
    expression: 'rate(10 minutes)',
    entry: 'functions/on/renew-compliance.ts',
    purpose: 'holds all configurations against the compliance rules when these were changed, and once a day',
  },
  'build-snapshots': {
    expression: 'rate(10 minutes)',
    entry: 'functions/on/build-snapshots.ts',
    purpose: 'brings the snapshots of the catalogs up to date',
  },
  'sweep-jobs': {
    expression: 'rate(5 minutes)',
    entry: 'functions/on/sweep-jobs.ts',
    purpose: 'begins jobs again whose execution is gone, and deletes expired ones',
  },
} as const satisfies Record<string, { expression: string; entry: string; purpose: string }>
