import * as z from 'zod'
import type { Credential } from '../../collect/request.ts'
import { keys } from '../../table/keys.ts'
import type { Table } from '../../table/table.ts'
import { openText, type Opener } from '../keyring.ts'
import { FormerSecrets } from './rotate-credential.ts'

/** A credential as the table holds it: its secrets sealed. */
const SealedCredential = z.object({
  id: z.int(),
  username: z.string(),
  password: z.string().nullish(),
  private_key: z.string().nullish(),
  passphrase: z.string().nullish(),
  enable_secret: z.string().nullish(),
  aaa_realm: z.int().nullish(),
  secret_version: z.int().default(1),
  former_until: z.string().nullish(),
})

export type OpenedCredential = {
  login: Credential
  /** Where its account lives. */
  realm: number | undefined
  secretVersion: number
  /** Tried where the new secrets are refused. */
  former: Credential | undefined
}

/** What a device is tried with, in this order: after each credential its former secrets. */
export const loginsOf = (
  opened: ReadonlyMap<number, OpenedCredential>,
  ids: readonly number[],
): Credential[] =>
  ids.flatMap((id) => {
    const { login, former } = opened.get(id) ?? {}
    return [login ?? [], former ?? []].flat()
  })

type Secrets = z.infer<typeof Secrets>
const Secrets = FormerSecrets.omit({ secretVersion: true })

/**
 * Credentials by their ids, opened once for a batch. One that was deleted since the plan was made is left out.
 * @param now former secrets past their date are left out.
 */
export async function openCredentials(
  table: Table,
  keyring: Opener,
  wanted: readonly number[],
  now: Date,
): Promise<Map<number, OpenedCredential>> {
  const ids = [...new Set(wanted)]
  const sealed = await table.getMany(
    SealedCredential,
    ids.map((id) => keys.entity('backups.credential', id)),
  )
  const opened = new Map<number, OpenedCredential>()
  for (const one of sealed) {
    const secrets = one && (await openSecrets(keyring, one))
    // Deleted or emptied since the plan was made: the others are tried.
    if (one === undefined || secrets === undefined) continue
    const { id, username, aaa_realm: realm, secret_version: secretVersion } = one
    const isRotated = Date.parse(one.former_until ?? '') > now.getTime()
    const former = isRotated ? await table.get(FormerSecrets, keys.formerSecrets(id)) : undefined
    const before =
      former?.secretVersion === secretVersion - 1 ? await openSecrets(keyring, former) : undefined
    opened.set(id, {
      login: { id, username, ...secrets },
      realm: realm ?? undefined,
      secretVersion,
      former: before && { id, username, ...before, former: true },
    })
  }
  return opened
}

/** @returns undefined where nothing is there to log in with. */
async function openSecrets(
  keyring: Opener,
  sealed: Secrets,
): Promise<Omit<Credential, 'id' | 'username'> | undefined> {
  if (sealed.password == null && sealed.private_key == null) return undefined
  const open = async (value: string | null | undefined): Promise<string | undefined> =>
    value == null ? undefined : openText(keyring, value)
  const secrets = {
    password: await open(sealed.password),
    privateKey: await open(sealed.private_key),
    passphrase: await open(sealed.passphrase),
    enableSecret: await open(sealed.enable_secret),
  }
  return Object.fromEntries(Object.entries(secrets).filter(([, value]) => value !== undefined))
}
