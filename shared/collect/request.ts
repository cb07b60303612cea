import * as z from 'zod'
import { AppError } from '../errors.ts'
import type { Platform } from '../platforms/definition.ts'

/** What is used to log in. In order of priority; each is tried once. */
export const Credential = z
  .strictObject({
    id: z.int(),
    username: z.string().min(1).max(256),
    password: z.string().max(1024).optional(),
    /** PEM or OpenSSH format. */
    privateKey: z.string().max(65_536).optional(),
    passphrase: z.string().max(1024).optional(),
    enableSecret: z.string().max(1024).optional(),
    /** Its secrets from before a rotation. */
    former: z.boolean().optional(),
  })
  .refine(({ password, privateKey }) => password !== undefined || privateKey !== undefined, {
    error: 'a password or a private key is needed',
  })
export type Credential = z.infer<typeof Credential>

/** All in milliseconds but `outputBytes`. What is not given comes from the platform, else from `defaultLimits`. */
export const Limits = z.strictObject({
  /** TCP connection. */
  reachMs: z.int().min(1).max(60_000).optional(),
  /** SSH handshake and login. */
  loginMs: z.int().min(1).max(120_000).optional(),
  /** Silence while the prompt is being learned. */
  promptMs: z.int().min(1).max(120_000).optional(),
  /** Silence before an answer begins: a big stack takes a minute to build its configuration. */
  startMs: z.int().min(1).max(600_000).optional(),
  /** Silence within an answer. */
  idleMs: z.int().min(1).max(600_000).optional(),
  /** Wall clock for the device as a whole, all credentials included. */
  deviceMs: z.int().min(1).max(840_000).optional(),
  /** Bytes of one answer. */
  outputBytes: z
    .int()
    .min(1024)
    .max(256 * 1024 * 1024)
    .optional(),
})

export const defaultLimits = {
  reachMs: 5000,
  loginMs: 20_000,
  promptMs: 15_000,
  startMs: 60_000,
  idleMs: 15_000,
  deviceMs: 120_000,
  outputBytes: 16 * 1024 * 1024,
} as const satisfies Required<z.infer<typeof Limits>>

export type EffectiveLimits = Record<keyof typeof defaultLimits, number>

export const CollectRequest = z.strictObject({
  /** Address or name. */
  host: z.string().min(1).max(253),
  /** 22 for SSH and 23 for telnet where it is not given. */
  port: z.int().min(1).max(65_535).optional(),
  /** Netmiko's name of the platform, with or without `_ssh`, or with `_telnet`; empty or `autodetect`: to be found out. */
  deviceType: z.string().max(100),
  credentials: z.array(Credential).max(32),
  /** None: the first key that is shown is accepted and reported. */
  pinnedHostKeys: z
    .array(z.object({ type: z.string(), sha256: z.string() }))
    .max(16)
    .default([]),
  limits: Limits.prefault({}),
  /** Also offer SHA-1, CBC and DSA, for devices that know nothing better. */
  legacy: z.boolean().default(false),
})
/** As the caller writes it, without the defaults. */
export type CollectRequest = z.input<typeof CollectRequest>
export type CheckedRequest = z.output<typeof CollectRequest>

/** @throws AppError `validation_failed` */
export function checkedRequest(parameters: CollectRequest): CheckedRequest {
  const parsed = CollectRequest.safeParse(parameters)
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
    throw new AppError(
      'validation_failed',
      issues.map(({ path, message }) => `${path}: ${message}`).join('; '),
      { issues },
    )
  }
  return parsed.data
}

/** What the caller gave, else what the platform needs, else the defaults. */
export function effectiveLimits(request: CheckedRequest, platform: Platform | undefined): EffectiveLimits {
  const given = Object.entries(request.limits).filter(([, value]) => value !== undefined)
  return { ...defaultLimits, ...platform?.limits, ...Object.fromEntries(given) }
}

/** Devices quote what was typed: whatever a message holds of a credential is struck out. */
export function withoutSecrets(text: string, credentials: readonly Credential[]): string {
  return credentials
    .flatMap(({ password, passphrase, enableSecret }) => [password, passphrase, enableSecret])
    .filter((secret) => secret !== undefined && secret !== '')
    .reduce<string>((struck, secret) => struck.replaceAll(secret ?? '', '***'), text)
}
