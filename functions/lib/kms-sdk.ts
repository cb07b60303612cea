/** What is used of the KMS client. Loaded on its own when first needed: see `ownBundles` in infra/constructs/bundle.ts. */
export { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms'
