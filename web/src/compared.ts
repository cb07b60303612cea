import { urlOf } from './api.ts'
import { paths } from './paths.ts'

/** Of the address of the page that compares, and of the API alike. */
const sides = ['left_device', 'left_version', 'right_device', 'right_version'] as const

export type Compared = Partial<Record<(typeof sides)[number], string>>
/** How it is shown. Without `view`, as the window has room. */
export type CompareLook = { view?: 'split' | 'unified'; volatile?: '1'; lines?: 'all' }

export const readCompared = (search: URLSearchParams): Compared =>
  Object.fromEntries(
    sides.flatMap((name) => {
      const value = search.get(name) ?? ''
      return value === '' ? [] : [[name, value]]
    }),
  )

export function readLook(search: URLSearchParams): CompareLook {
  const view = (['split', 'unified'] as const).find((known) => known === search.get('view'))
  return {
    ...(view === undefined ? {} : { view }),
    ...(search.get('volatile') === '1' ? { volatile: '1' } : {}),
    ...(search.get('lines') === 'all' ? { lines: 'all' } : {}),
  }
}

/** The same two have the same address, however they were chosen. */
export const compareHref = (compared: Compared, look: CompareLook = {}): string =>
  urlOf(paths.compare, { ...Object.fromEntries(sides.map((name) => [name, compared[name]])), ...look })

/** What became of a device's version since the one before. */
export const changesHref = (device: string | number, version: string | number): string =>
  compareHref({ right_device: String(device), right_version: String(version) })
