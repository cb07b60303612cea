import { AppError } from '../errors.ts'
import { bodyBytesMax, type HttpRequest } from './request.ts'

/** The media type alone: pynetbox writes `application/json;`. */
const mediaType = (request: HttpRequest): string =>
  (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''

/** @throws AppError `unsupported_media_type`, `too_large`, `malformed_body`. */
export function readJson(request: HttpRequest): unknown {
  const type = mediaType(request)
  checkSize(request)
  if (type !== 'application/json' && !type.endsWith('+json')) {
    throw new AppError('unsupported_media_type', `application/json is expected, not "${type.slice(0, 100)}".`)
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(request.body)
    return halfCharacter.test(text) ? JSON.parse(text, refuseHalves) : (JSON.parse(text) as unknown)
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('malformed_body', 'The body is not valid JSON in UTF-8.', { cause })
  }
}

/** Bytes in UTF-8 have no lone surrogates, but an escape may say one: no store keeps it, no one can show it. */
const halfCharacter = /\\ud[89a-f]/i

function refuseHalves(name: string, value: unknown): unknown {
  const isWhole = name.isWellFormed() && (typeof value !== 'string' || value.isWellFormed())
  if (!isWhole)
    throw new AppError(
      'malformed_body',
      `The text of "${name.toWellFormed().slice(0, 100)}" has half a character.`,
    )
  return value
}

/** @throws AppError `unsupported_media_type`, `too_large`. */
export function readBytes(request: HttpRequest, types: readonly string[]): Uint8Array {
  const type = mediaType(request)
  checkSize(request)
  if (!types.includes(type))
    throw new AppError('unsupported_media_type', `${types.join(' or ')} is expected.`)
  return request.body
}

function checkSize({ body }: HttpRequest): void {
  if (body.length > bodyBytesMax)
    throw new AppError('too_large', `The body has more than ${bodyBytesMax} bytes.`)
}
