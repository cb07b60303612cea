/**
 * What every role may do: `action resource [if condition]`. A grant that grows, shrinks or moves is a diff here and
 * is reviewed as one.
 */
const executionsOf = (machine: string): string =>
  `arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:<${machine}.Name>:*`
const executions = executionsOf('Backup')
const jobExecutions = executionsOf('Job')

const tableRead = [
  'dynamodb:BatchGetItem <Table>',
  'dynamodb:GetItem <Table>',
  'dynamodb:Query <Table>',
  'dynamodb:Query <Table>/index/gsi1',
]
const tableWrite = [
  'dynamodb:ConditionCheckItem <Table>',
  'dynamodb:DeleteItem <Table>',
  'dynamodb:PutItem <Table>',
]
const records = [...tableRead, ...tableWrite]
const startJob = 'states:StartExecution <Job>'
const snapshots = ['s3:GetObject <Work>/catalog/*', 's3:ListBucket <Work>']
/** An area of the API. */
const area = [...records, ...snapshots, startJob]
const rows = [...records, ...snapshots]
const tokens = [...tableRead, 'dynamodb:PutItem <Table>']
const stream = [
  'dynamodb:DescribeStream <Table.StreamArn>',
  'dynamodb:GetRecords <Table.StreamArn>',
  'dynamodb:GetShardIterator <Table.StreamArn>',
  'dynamodb:ListStreams *',
]
const commit = [
  ...records,
  's3:GetObject <Archive>/configs/*',
  's3:GetObject <Archive>/git/*',
  's3:PutObject <Archive>/git/*',
  's3:ListBucket <Archive>',
]

/** Shown texts. */
const texts = ['s3:GetObject <Archive>/configs/*', 's3:ListBucket <Archive>']
const runFailures = 'sqs:SendMessage <RunKeeperFailures>'
const compliance = [...records, ...snapshots, ...texts]
const index = [...compliance, 's3:GetObject <Work>/search/*', 's3:PutObject <Work>/search/*']

/** @param id of the function's construct: its log group is named after it. */
const own = (id: string, ...lines: string[]): string[] => [
  `logs:CreateLogStream <${id}Logs>`,
  `logs:PutLogEvents <${id}Logs>`,
  'xray:PutTelemetryRecords *',
  'xray:PutTraceSegments *',
  ...lines,
]

/** Log delivery and traces: CloudFormation and Step Functions ask for these, and they only take *. */
const workflowLogs = [
  ...['Create', 'Delete', 'Get', 'Update'].map((verb) => `logs:${verb}LogDelivery *`),
  'logs:ListLogDeliveries *',
  'logs:DescribeLogGroups *',
  'logs:DescribeResourcePolicies *',
  'logs:PutResourcePolicy *',
  'xray:GetSamplingRules *',
  'xray:GetSamplingTargets *',
  'xray:PutTelemetryRecords *',
  'xray:PutTraceSegments *',
]

const jobFailures = 'sqs:SendMessage <JobKeeperFailures>'
const putJobs = 's3:PutObject <Work>/jobs/*'

export const expectedAccess: Record<string, string[]> = {
  'functions/api/system.ts': own('System', ...tokens),
  'functions/api/dcim.ts': own('Dcim', ...area),
  'functions/api/virtualization.ts': own('Virtualization', ...area),
  'functions/api/circuits.ts': own('Circuits', ...area),
  'functions/api/organization.ts': own('Organization', ...area),
  'functions/api/wireless.ts': own('Wireless', ...area, 'kms:Encrypt <KeyringKey>'),
  'functions/api/ipam.ts': own('Ipam', ...area),
  'functions/api/extras.ts': own('Extras', ...area),
  'functions/api/users.ts': own('Users', ...area),
  'functions/api/core.ts': own(
    'Core',
    ...area,
    'kms:Encrypt <KeyringKey>',
    `states:DescribeExecution ${jobExecutions}`,
    `states:StopExecution ${jobExecutions}`,
    's3:PutObject <Work>/uploads/*',
    's3:GetObject <Work>/jobs/*',
    's3:PutObject <Work>/jobs/*',
  ),
  'functions/api/backups.ts': own(
    'Backups',
    ...area,
    'kms:Encrypt <KeyringKey>',
    ...texts,
    ...['recordings', 'search'].map((prefix) => `s3:GetObject <Work>/${prefix}/*`),
    's3:PutObject <Work>/uploads/*',
    'states:StartExecution <Backup>',
    `states:DescribeExecution ${executions}`,
    `states:StopExecution ${executions}`,
  ),
  'functions/api/reveal.ts': own(
    'Reveal',
    ...rows,
    'kms:Decrypt <KeyringKey>',
    's3:GetObject <Archive>/raw/*',
    's3:ListBucket <Archive>',
  ),
  'functions/api/oxidized.ts': own(
    'Oxidized',
    ...rows,
    ...texts,
    's3:GetObject <Work>/search/*',
    'states:StartExecution <Backup>',
    `states:DescribeExecution ${executions}`,
  ),
  'functions/api/git.ts': own('Git', ...tokens, 's3:GetObject <Archive>/git/*', 's3:ListBucket <Archive>'),

  'functions/tasks/plan-backup.ts': own('PlanBackup', ...rows, 's3:PutObject <Work>/work-lists/*'),
  'functions/tasks/collect-devices.ts': own(
    'CollectDevices',
    ...records,
    ...['configs', 'raw'].map((prefix) => `s3:PutObject <Archive>/${prefix}/*`),
    's3:PutObject <Work>/recordings/*',
    ...['Decrypt', 'Encrypt'].map((verb) => `kms:${verb} <KeyringKey>`),
  ),
  'functions/tasks/plan-second-pass.ts': own(
    'PlanSecondPass',
    ...records,
    's3:GetObject <Work>/work-lists/*',
    's3:PutObject <Work>/work-lists/*',
    's3:ListBucket <Work>',
  ),
  'functions/tasks/commit-backup.ts': own('CommitBackup', ...commit),
  'functions/tasks/index-configs.ts': own('IndexConfigs', ...index),
  'functions/tasks/check-compliance.ts': own('CheckCompliance', ...compliance),
  'functions/tasks/report-backup.ts': own('ReportBackup', ...records),
  'functions/tasks/notify-subscribers.ts': own(
    'NotifySubscribers',
    ...rows,
    'kms:Decrypt <KeyringKey>',
    ...texts,
  ),
  'functions/tasks/push-remotes.ts': own(
    'PushRemotes',
    ...rows,
    'kms:Decrypt <KeyringKey>',
    's3:GetObject <Archive>/git/*',
    's3:ListBucket <Archive>',
  ),

  'functions/tasks/check-import.ts': own(
    'CheckImport',
    ...rows,
    'kms:Encrypt <KeyringKey>',
    ...['uploads', 'jobs'].map((prefix) => `s3:GetObject <Work>/${prefix}/*`),
    putJobs,
  ),
  'functions/tasks/apply-import.ts': own('ApplyImport', ...rows, 's3:GetObject <Work>/jobs/*'),
  'functions/tasks/report-import.ts': own(
    'ReportImport',
    ...rows,
    ...['uploads', 'jobs'].map((prefix) => `s3:GetObject <Work>/${prefix}/*`),
    putJobs,
  ),
  'functions/tasks/export-rows.ts': own('ExportRows', ...records, ...snapshots, 's3:PutObject <Work>/jobs/*'),
  'functions/tasks/apply-retention.ts': own(
    'ApplyRetention',
    ...rows,
    's3:PutObject <Work>/jobs/*',
    's3:DeleteObject <Archive>/configs/*',
    's3:DeleteObject <Archive>/raw/*',
  ),
  'functions/tasks/import-history.ts': own(
    'ImportHistory',
    ...rows,
    ...['Get', 'Delete'].map((verb) => `s3:${verb}Object <Work>/uploads/*`),
    ...['Get', 'Put', 'Delete'].map((verb) => `s3:${verb}Object <Work>/jobs/*`),
    ...['configs', 'raw'].map((prefix) => `s3:PutObject <Archive>/${prefix}/*`),
    ...['Decrypt', 'Encrypt'].map((verb) => `kms:${verb} <KeyringKey>`),
  ),
  'functions/tasks/sync-netbox.ts': own('SyncNetbox', ...rows, putJobs, 'kms:Decrypt <KeyringKey>'),
  'functions/on/start-retention.ts': own(
    'StartRetention',
    ...records,
    startJob,
    `states:DescribeExecution ${jobExecutions}`,
    'sqs:SendMessage <JobKeeperFailures>',
  ),
  'functions/on/upload-arrived.ts': own('UploadArrived', ...records, startJob, jobFailures),
  'functions/on/job-stopped.ts': own(
    'JobStopped',
    ...records,
    startJob,
    's3:GetObject <Work>/jobs/*',
    's3:ListBucket <Work>',
    'sqs:SendMessage <JobKeeperFailures>',
  ),
  'functions/on/sweep-jobs.ts': own(
    'SweepJobs',
    ...records,
    startJob,
    `states:DescribeExecution ${jobExecutions}`,
    'sqs:SendMessage <JobKeeperFailures>',
  ),
  'functions/on/run-stopped.ts': own('RunStopped', ...commit, runFailures),
  'functions/on/sweep-runs.ts': own(
    'SweepRuns',
    ...commit,
    ...snapshots,
    `states:DescribeExecution ${executions}`,
    runFailures,
  ),
  'functions/on/renew-index.ts': own('RenewIndex', ...index, runFailures),
  'functions/on/settle-packs.ts': own(
    'SettlePacks',
    ...records,
    's3:DeleteObject <Archive>/git/configs/packs/*',
    's3:GetObject <Archive>/git/*',
    's3:PutObject <Archive>/git/*',
    's3:ListBucket <Archive>',
    runFailures,
  ),
  'functions/on/renew-compliance.ts': own('RenewCompliance', ...compliance, runFailures),
  'functions/on/schedule-changed.ts': own(
    'ScheduleChanged',
    ...tableRead,
    ...stream,
    ...['CreateSchedule', 'DeleteSchedule', 'UpdateSchedule'].map(
      (action) =>
        `scheduler:${action} arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule/<BackupSchedules>/*`,
    ),
    'iam:PassRole <BackupScheduleRole> if {"StringEquals":{"iam:PassedToService":"scheduler.amazonaws.com"}}',
    'sqs:SendMessage <ScheduleChangeFailures>',
  ),
  'functions/on/build-snapshots.ts': own(
    'BuildSnapshots',
    ...tableRead,
    ...snapshots,
    's3:PutObject <Work>/catalog/*',
    'sqs:SendMessage <SnapshotFailures>',
  ),
  'functions/on/table-changed.ts': own('Sealer', ...records, ...stream, 'sqs:SendMessage <SealerFailures>'),

  BackupRole: [
    ...[
      'CheckCompliance',
      'CollectDevices',
      'CommitBackup',
      'IndexConfigs',
      'NotifySubscribers',
      'PlanBackup',
      'PlanSecondPass',
      'PushRemotes',
      'ReportBackup',
    ].map((task) => `lambda:InvokeFunction <${task}Function>`),
    's3:GetObject <Work>/work-lists/*',
    's3:AbortMultipartUpload <Work>/map-results/*',
    's3:GetObject <Work>/map-results/*',
    's3:ListMultipartUploadParts <Work>/map-results/*',
    's3:PutObject <Work>/map-results/*',
    'states:StartExecution <Backup>',
    `states:DescribeExecution ${executions}`,
    `states:StopExecution ${executions}`,
    ...workflowLogs,
  ],
  BackupScheduleRole: ['states:StartExecution <Backup>', 'sqs:SendMessage <MissedStarts>'],
  SnapshotClockRole: ['lambda:InvokeFunction <BuildSnapshotsFunction>', 'sqs:SendMessage <SnapshotFailures>'],
  JobRole: [
    ...[
      'ApplyImport',
      'ApplyRetention',
      'CheckCompliance',
      'CheckImport',
      'CollectDevices',
      'ExportRows',
      'ImportHistory',
      'NotifySubscribers',
      'PushRemotes',
      'ReportImport',
      'SyncNetbox',
    ].map((task) => `lambda:InvokeFunction <${task}Function>`),
    ...workflowLogs,
  ],
  JobClockRole: [
    'lambda:InvokeFunction <StartRetentionFunction>',
    'lambda:InvokeFunction <SweepJobsFunction>',
    'sqs:SendMessage <JobKeeperFailures>',
  ],
  ClockRole: [
    'lambda:InvokeFunction <RenewComplianceFunction>',
    'lambda:InvokeFunction <RenewIndexFunction>',
    'lambda:InvokeFunction <SettlePacksFunction>',
    'lambda:InvokeFunction <SweepRunsFunction>',
    runFailures,
  ],
}
