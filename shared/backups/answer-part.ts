import { AppError } from '../errors.ts'

/** A Lambda answers 6 MB, and bytes travel as base64. */
export const answerBytesMax = 4 * 1024 * 1024

/**
 * The part of a text that was asked for.
 * @throws AppError `too_large` where it is more than an answer holds; it says how much there is.
 */
export function partOf(
  text: Uint8Array,
  { offset, bytes }: { offset: number; bytes?: number | undefined },
): Uint8Array {
  const part = text.subarray(offset, bytes === undefined ? undefined : offset + bytes)
  if (part.length <= answerBytesMax) return part
  const message = `The text has ${text.length} bytes: ask for ${answerBytesMax} of them at most, by offset and bytes.`
  throw new AppError('too_large', message, { extra: { total: text.length, bytes_max: answerBytesMax } })
}

/** What says which part of a text an answer is (RFC 9110 §14.4). */
export const rangeOf = (part: Uint8Array, offset: number, total: number): string =>
  part.length === 0 ? `bytes */${total}` : `bytes ${offset}-${offset + part.length - 1}/${total}`
