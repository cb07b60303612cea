import type { Issue } from '../errors.ts'
import type { Row } from '../model/define.ts'
import { addressOf, parseAddress } from './addresses.ts'
import { storedAddress } from './families.ts'

/** The largest size that a number tells exactly; NetBox ends at 2^32 - 1. */
const sizeMax = BigInt(Number.MAX_SAFE_INTEGER)

/** An end without a mask takes that of the start: `10.0.0.10/24` to `10.0.0.20`. */
export function deriveRange(row: Row) {
  const start = storedAddress(row['start_address'])
  const given = storedAddress(row['end_address'])
  const isBare = given.family === start.family && given.length === (given.family === 4 ? 32 : 128)
  const end = isBare ? addressOf(given.family, given.value, start.length) : given
  const size = end.value - start.value + 1n
  return {
    family: start.family === 4 ? '4' : '6',
    end_address: end.text,
    size: size > 0n && size <= sizeMax ? Number(size) : null,
  }
}

export function checkRange(row: Row): Issue[] {
  const start = parseAddress(String(row['start_address']))
  const end = parseAddress(String(row['end_address']))
  if (start === undefined || end === undefined) return []
  const complain = (message: string): Issue[] => [{ path: 'end_address', message }]
  if (start.family !== end.family) return complain('Both ends must be of one family.')
  if (start.length !== end.length) return complain('Both ends must have the same mask.')
  if (end.value < start.value) return complain('The end lies before the start.')
  if (end.value - start.value >= sizeMax) return complain('A range has at most 2^53 - 1 addresses.')
  return []
}
