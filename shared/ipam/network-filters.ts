import type { Row } from '../model/define.ts'
import { computed, derived, type FilterHook } from '../model/filter-hooks.ts'
import { addressProblem, contains, networkOf, parseAddress, type Address } from './addresses.ts'

/** Host bits are passed by, as NetBox does: `10.0.0.1/8` means what lies in 10.0.0.0/8. */
function parse(text: string) {
  const address = parseAddress(text)
  return address === undefined
    ? { problem: addressProblem(text) ?? 'an address is expected' }
    : { value: address }
}

/** Rows of a catalog stay the same objects until they change: each is read once. */
const read = new WeakMap<Row, Map<string, Address | undefined>>()

function addressOfRow(row: Row, field: string): Address | undefined {
  const known = read.get(row) ?? new Map<string, Address | undefined>()
  if (!read.has(row)) read.set(row, known)
  if (!known.has(field)) known.set(field, parseAddress(String(row[field])))
  return known.get(field)
}

const holds = (field: string, test: (own: Address, asked: Address) => boolean): FilterHook =>
  computed({
    type: 'string',
    parse,
    test: (values) => (row) => {
      const own = addressOfRow(row, field)
      return own !== undefined && values.some((asked) => test(own, asked as Address))
    },
  })

const isWithin = (own: Address, asked: Address): boolean => contains(networkOf(asked), own)

const maskOf = (field: string): FilterHook =>
  derived('number', (row) => addressOfRow(row, field)?.length ?? null)

/** Filters of what has a network. @see https://docs.netbox.dev/en/stable/models/ipam/prefix/ */
export const networkFilters = (field: string): Record<string, FilterHook> => ({
  within: holds(field, (own, asked) => own.length > asked.length && isWithin(own, asked)),
  within_include: holds(field, isWithin),
  contains: holds(field, contains),
  mask_length: maskOf(field),
})

/** Filters of what has an address: `parent` is a network that it lies in, whatever the masks. */
export const addressFilters = (field: string): Record<string, FilterHook> => ({
  parent: holds(field, (own, asked) => {
    const host = { ...own, length: own.family === 4 ? 32 : 128 }
    return contains(networkOf(asked), host)
  }),
  mask_length: maskOf(field),
})

/** Filters of a range: those that begin and end in a network, and those that hold an address. */
export const rangeFilters: Record<string, FilterHook> = {
  parent: holdsRange((first, last, asked) => {
    const whole = networkOf(asked)
    return contains(whole, asHost(first)) && contains(whole, asHost(last))
  }),
  contains: holdsRange(
    (first, last, asked) =>
      first.family === asked.family && first.value <= asked.value && asked.value <= last.value,
  ),
}

const asHost = (one: Address): Address => ({ ...one, length: one.family === 4 ? 32 : 128 })

function holdsRange(test: (first: Address, last: Address, asked: Address) => boolean): FilterHook {
  return computed({
    type: 'string',
    parse,
    test: (values) => (row) => {
      const first = addressOfRow(row, 'start_address')
      const last = addressOfRow(row, 'end_address')
      if (first === undefined || last === undefined) return false
      return values.some((asked) => test(first, last, asked as Address))
    },
  })
}

/** Groups that may give out a VLAN id. */
export const containsVid: FilterHook = computed({
  type: 'integer',
  parse: (text) => (/^\d{1,4}$/.test(text) ? { value: Number(text) } : { problem: 'a VLAN id is expected' }),
  test: (values) => (row) =>
    (row['vid_ranges'] as [number, number][]).some(([first, last]) =>
      values.some((vid) => first <= Number(vid) && Number(vid) <= last),
    ),
})
