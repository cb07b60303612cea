/** What is used of the SNS client. Loaded on its own when first needed: see `ownBundles` in infra/constructs/bundle.ts. */
export { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
