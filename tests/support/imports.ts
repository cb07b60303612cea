import type { Api } from '../../local/demo/api.ts'
import { until } from './product.ts'

export type JobShown = {
  id: number
  state: { value: string }
  kind: string
  error: string | null
  attempts: number
  current: number | null
  total: number | null
  step: string | null
  result: ImportResult | null
  upload?: { method: string; link: string }
}
type ImportResult = {
  valid: boolean
  applied: boolean
  rows: number
  create: number
  change: number
  unchanged: number
  skipped: number
  bad_rows: number
  created: number
  changed: number
  failed: number
  error_count: number
  error_codes: Record<string, number>
  errors: ImportError[]
  link?: string
}
export type ImportError = {
  index: number | null
  line: number | null
  column: string | null
  code: string
  message: string
  suggestion: string | null
}
type Page<T> = { count: number; next: string | null; results: T[] }

const ended = new Set(['completed', 'failed', 'errored', 'cancelled', 'interrupted'])

export const endOfJob = (api: Api, id: number, msMax = 120_000, pollMs?: number): Promise<JobShown> =>
  until(
    `the end of job ${id}`,
    async () => {
      const job = await api.get<JobShown>(`/core/jobs/${id}/`)
      return ended.has(job.state.value) ? job : undefined
    },
    msMax,
    pollMs,
  )

/** Imports a text and waits for the end. */
export async function importText(api: Api, body: Record<string, unknown>): Promise<JobShown> {
  const { id } = await api.post<JobShown>('/core/imports/', body)
  return endOfJob(api, id)
}

/** Every error of a job, page by page. */
export async function errorsOf(api: Api, id: number): Promise<ImportError[]> {
  const errors: ImportError[] = []
  for (;;) {
    const page = await api.get<Page<ImportError>>(
      `/core/jobs/${id}/errors/?limit=1000&offset=${errors.length}`,
    )
    errors.push(...page.results)
    if (page.next === null) return errors
  }
}

/** What devices of an import refer to. */
export async function makeGround(api: Api): Promise<void> {
  const named = (names: readonly string[]) => names.map((name) => ({ name, slug: name }))
  await api.post('/dcim/sites/', named(groundNames.sites))
  await api.post('/dcim/device-roles/', named(groundNames.roles))
  await api.post('/dcim/manufacturers/', named(['acme']))
  await api.post(
    '/dcim/device-types/',
    groundNames.types.map((name) => ({ model: name, slug: name, manufacturer: { slug: 'acme' } })),
  )
  await api.post('/extras/tags/', named(groundNames.tags))
}

const groundNames = {
  sites: Array.from({ length: 20 }, (_, at) => `site-${at}`),
  roles: ['access', 'core', 'edge'],
  types: ['switch-48', 'router-9'],
  tags: ['blue', 'green'],
} as const

const header = [
  'name',
  'site',
  'role',
  'device_type',
  'status',
  'asset_tag',
  'management_address',
  'tags',
  'comments',
]

export type Written = { text: string; lines: number[] }

/** A device of the file by its number. Every seventh has a comment over two lines. */
const cellsOf = (index: number): string[] => [
  `sw-${index}`,
  pick(groundNames.sites, index),
  pick(groundNames.roles, index),
  pick(groundNames.types, index),
  index % 3 === 0 ? 'planned' : 'active',
  `A${index}`,
  `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
  index % 5 === 0 ? '"blue,green"' : '',
  index % 7 === 0 ? '"first line\nsecond, with a ""word"""' : '',
]

const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T

/** Ways in which a row is made bad, with the code and column that must be told. */
export const badKinds: readonly {
  code: string
  column: string | null
  spoil: (cells: string[], index: number) => string[]
}[] = [
  { code: 'reference_not_found', column: 'site', spoil: (cells) => put(cells, 1, 'sitte-1') },
  { code: 'reference_not_found', column: 'device_type', spoil: (cells) => put(cells, 3, 'switch-84') },
  { code: 'invalid_choice', column: 'status', spoil: (cells) => put(cells, 4, 'actve') },
  { code: 'required', column: 'role', spoil: (cells) => put(cells, 2, '') },
  { code: 'required', column: 'name', spoil: (cells) => put(cells, 0, '') },
  { code: 'invalid_value', column: 'name', spoil: (cells) => put(cells, 0, 'n'.repeat(65)) },
  { code: 'cell_count', column: null, spoil: (cells) => [...cells, 'extra'] },
  { code: 'duplicate_in_file', column: 'asset_tag', spoil: (cells) => put(cells, 5, 'A1') },
  { code: 'reference_not_found', column: 'tags', spoil: (cells) => put(cells, 7, 'bleu') },
  { code: 'invalid_value', column: 'management_address', spoil: (cells) => put(cells, 6, '10.0.0.1/24') },
]

const put = (cells: string[], at: number, cell: string): string[] => cells.with(at, cell)

/** A CSV file of devices; of the rows in `bad` each is spoilt in the way of its number. Lines are those of all rows. */
export function deviceFile(rows: number, bad: ReadonlyMap<number, number> = new Map()): Written {
  const texts = [header.join(',')]
  const lines: number[] = []
  let line = 2
  for (let index = 0; index < rows; index++) {
    const kind = bad.get(index)
    const cells = kind === undefined ? cellsOf(index) : badKinds[kind]?.spoil(cellsOf(index), index)
    const text = (cells ?? []).join(',')
    texts.push(text)
    lines.push(line)
    line += text.split('\n').length
  }
  return { text: `${texts.join('\n')}\n`, lines }
}

/** One bad row in a hundred, of all kinds in turn. */
export const onePercent = (rows: number): Map<number, number> =>
  new Map(
    Array.from({ length: Math.floor(rows / 100) }, (_, at) => [at * 100 + 50, at % badKinds.length] as const),
  )
