/**
 * CDK feature flags. They live here and not in cdk.json, because only the CLI reads that file: the local runtime
 * runs `node infra/app.ts` and must see the very same template.
 */
export const featureFlags = {
  '@aws-cdk/aws-iam:minimizePolicies': true,
  '@aws-cdk/aws-iam:standardizedServicePrincipals': true,
  '@aws-cdk/aws-lambda:recognizeLayerVersion': true,
  '@aws-cdk/aws-lambda:recognizeVersionProps': true,
  '@aws-cdk/aws-s3:createDefaultLoggingPolicy': true,
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
  '@aws-cdk/core:checkSecretUsage': true,
  '@aws-cdk/core:defaultCrossStackReferences': 'strong',
  '@aws-cdk/core:target-partitions': ['aws'],
  // A template that CloudFormation would refuse fails here, not in the middle of a deployment.
  '@aws-cdk/core:validateAgainstDefaultRules': true,
} as const
