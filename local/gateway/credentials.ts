import { randomBytes } from 'node:crypto'
import type { Caller } from '../service.ts'

export type Credentials = { accessKeyId: string; secretAccessKey: string }

export type CredentialRegistry = {
  /** The same credentials for the same caller; new ones at every start of the runtime. */
  issue(caller: Caller): Credentials
  callerOf(accessKeyId: string): Caller | undefined
  /** What its presigned URLs are signed with. */
  secretOf(accessKeyId: string): string | undefined
}

/**
 * Who is who by access key. Signatures of headers are not verified: a key is 80 random bits, made at start and known
 * only to the worker it was issued to, and the gateway listens on loopback. Those of presigned URLs are
 * (`local/gateway/presigned.ts`): they show the key to whoever gets one.
 */
export function createCredentialRegistry(): CredentialRegistry {
  const issued = new Map<string, Credentials>()
  const callers = new Map<string, Caller>()
  const secrets = new Map<string, string>()
  return {
    issue(caller) {
      const identity = JSON.stringify(caller)
      const known = issued.get(identity)
      if (known !== undefined) return known
      const credentials = {
        accessKeyId: `LKIA${randomBytes(10).toString('hex').toUpperCase()}`,
        secretAccessKey: randomBytes(30).toString('base64'),
      }
      issued.set(identity, credentials)
      callers.set(credentials.accessKeyId, caller)
      secrets.set(credentials.accessKeyId, credentials.secretAccessKey)
      return credentials
    },
    callerOf: (accessKeyId) => callers.get(accessKeyId),
    secretOf: (accessKeyId) => secrets.get(accessKeyId),
  }
}

/** What a signed request says of itself, in its header or (presigned) in its query. */
export type Signed = { accessKeyId: string; service: string; isPresigned: boolean }

export function readSignature(authorization: string | undefined, query: URLSearchParams): Signed | undefined {
  const header = /Credential=([^,\s]+)/.exec(authorization ?? '')?.[1]
  const [accessKeyId, , , service] = (header ?? query.get('X-Amz-Credential') ?? '').split('/')
  if (accessKeyId === undefined || service === undefined) return undefined
  return { accessKeyId, service, isPresigned: header === undefined }
}
