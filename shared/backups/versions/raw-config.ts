import { createHmac, timingSafeEqual } from 'node:crypto'
import { renderConfig } from '../../collect/render-config.ts'
import { AppError } from '../../errors.ts'
import { findPlatform } from '../../platforms/platforms.ts'
import type { Opener } from '../keyring.ts'
import type { ConfigVersion } from '../records.ts'

/**
 * Raw texts as they came from the device, sealed in the archive. Who may write an object there can seal one as well, for
 * the public key is open to all. So the version in the table has a code of its text and of its place: an object that was
 * exchanged, or put in the place of another, does not fit. The code is keyed, so that it confirms no guess.
 */

type Place = { deviceId: number; sequence: number }

export const rawCodeOf = (
  { redactionKey }: Pick<Opener, 'redactionKey'>,
  { deviceId, sequence }: Place,
  raw: string | Uint8Array,
): string =>
  createHmac('sha256', redactionKey).update(`raw-config ${deviceId} ${sequence}\n`).update(raw).digest('hex')

/**
 * @returns the text, and by what it was found to be the right one: its code, or for versions of the time before there
 * were codes, that it makes the shown text.
 * @throws AppError `raw_mismatch`; `internal` where no key of the keyring opens it.
 */
export async function openRaw(
  keyring: Opener,
  version: ConfigVersion,
  sealed: Uint8Array,
): Promise<{ raw: Uint8Array; checkedBy: 'code' | 'text' }> {
  const raw = await keyring.open('raw-config', sealed)
  if (version.rawCode !== undefined) {
    const [is, wanted] = [rawCodeOf(keyring, version, raw), version.rawCode].map((code) =>
      Buffer.from(code, 'hex'),
    )
    if (
      is === undefined ||
      wanted === undefined ||
      is.length !== wanted.length ||
      !timingSafeEqual(is, wanted)
    )
      throw mismatch(version)
    return { raw, checkedBy: 'code' }
  }
  const platform = findPlatform(version.deviceType)
  const text = new TextDecoder().decode(raw)
  // Other rules of redaction since then make another text: that cannot be told from an exchanged one.
  if (platform === undefined || renderConfig(platform, text, keyring.redactionKey).sha256 !== version.sha256)
    throw mismatch(version)
  return { raw, checkedBy: 'text' }
}

const mismatch = ({ deviceId, sequence }: Place): AppError =>
  new AppError(
    'raw_mismatch',
    `The sealed text of version ${sequence} of device ${deviceId} is not that of the version.`,
  )
