import * as z from 'zod'
import type { Credential } from '../collect/request.ts'
import { keys } from '../table/keys.ts'
import type { Table } from '../table/table.ts'
import { openText, type Opener } from './keyring.ts'

/** A credential as the table holds it: its secrets sealed. */
const SealedCredential = z.object({
  id: z.int(),
  username: z.string(),
  password: z.string().nullish(),
  private_key: z.string().nullish(),
  passphrase: z.string().nullish(),
  enable_secret: z.string().nullish(),
  aaa_realm: z.int().nullish(),
})

export type OpenedCredential = {
  login: Credential
  /** Where its account lives. */
  realm: number | undefined
}

/** Credentials by their ids, opened once for a batch. One that was deleted since the plan was made is left out. */
export async function openCredentials(
  table: Table,
  keyring: Opener,
  wanted: readonly number[],
): Promise<Map<number, OpenedCredential>> {
  const ids = [...new Set(wanted)]
  const sealed = await table.getMany(
    SealedCredential,
    ids.map((id) => keys.entity('backups.credential', id)),
  )
  const opened = new Map<number, OpenedCredential>()
  for (const credential of sealed) {
    // Deleted or emptied since the plan was made: the others are tried.
    if (credential === undefined || (credential.password == null && credential.private_key == null)) continue
    const open = async (value: string | null | undefined): Promise<string | undefined> =>
      value == null ? undefined : openText(keyring, value)
    const secrets = {
      password: await open(credential.password),
      privateKey: await open(credential.private_key),
      passphrase: await open(credential.passphrase),
      enableSecret: await open(credential.enable_secret),
    }
    const given = Object.fromEntries(Object.entries(secrets).filter(([, value]) => value !== undefined))
    const { id, username, aaa_realm: realm } = credential
    opened.set(id, { login: { id, username, ...given }, realm: realm ?? undefined })
  }
  return opened
}
