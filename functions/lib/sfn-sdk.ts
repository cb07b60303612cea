/** What is used of the Step Functions client. Loaded on its own when first needed: see `ownBundles` in infra/constructs/bundle.ts. */
export {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn'
