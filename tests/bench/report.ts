import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'

const file = new URL('../../docs/benchmarks.md', import.meta.url)
const head =
  '# Benchmarks\n\nWritten by `npm run bench`. Everything in one part was measured in one run on one machine: compare rows, not runs.\n'

export const machine = (): string => {
  const [first] = cpus()
  const memoryGib = Math.round(totalmem() / 2 ** 30)
  return `${cpus().length} × ${first?.model.trim() ?? 'unknown processor'}, ${memoryGib} GiB, Node ${process.version}`
}

/** Replaces one part of docs/benchmarks.md, or adds it. */
export function writePart(name: string, text: string): void {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : head
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const part = `${start}\n${text.trim()}\n${end}`
  const from = before.indexOf(start)
  const to = before.indexOf(end)
  const after =
    from < 0
      ? `${before.trimEnd()}\n\n${part}\n`
      : before.slice(0, from) + part + before.slice(to + end.length)
  writeFileSync(file, after)
}

export function markdownTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n')
}
