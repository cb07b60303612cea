import * as z from 'zod'

const secretNames = ['password', 'private_key', 'passphrase', 'enable_secret'] as const

/** New secrets of a credential, as they are asked for: apart from the rotation, which is loaded when one is asked for. */
export const Rotation = z
  .strictObject({
    password: z.string().min(1).max(1000).optional(),
    private_key: z.string().min(1).max(20_000).optional(),
    passphrase: z.string().min(1).max(1000).optional(),
    enable_secret: z.string().min(1).max(1000).optional(),
    /** The former secrets are tried until then at the latest. */
    until: z.iso.datetime({ offset: true }).optional(),
  })
  .refine((given) => secretNames.some((name) => given[name] !== undefined), {
    error: 'A new secret is needed.',
  })
export type Rotation = z.infer<typeof Rotation>
