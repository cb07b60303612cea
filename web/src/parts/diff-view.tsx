import { Fragment, type ReactNode, useMemo } from 'react'
import { type DiffLine, linesOfBoth, linesOfSide } from '../diff-lines.ts'
import type { Diff } from '../types.ts'

/** Two columns whose lines stand beside each other; each scrolls sideways by itself. */
export function SplitDiff({ diff }: { diff: Diff }): ReactNode {
  const [left, right] = useMemo(
    () => [linesOfSide(diff.hunks, 'left'), linesOfSide(diff.hunks, 'right')],
    [diff],
  )
  return (
    <div className="diff split">
      <Lines lines={left} label="Left" signed={false} />
      <Lines lines={right} label="Right" signed={false} />
    </div>
  )
}

export function UnifiedDiff({ diff }: { diff: Diff }): ReactNode {
  const lines = useMemo(() => linesOfBoth(diff.hunks), [diff])
  return (
    <div className="diff">
      <Lines lines={lines} label="Differences" signed />
    </div>
  )
}

const signs: Record<DiffLine['kind'], string> = { same: ' ', added: '+', removed: '-', none: ' ', gap: ' ' }
const gap = '⋯'

type Props = { lines: readonly DiffLine[]; label: string; signed: boolean }

/** Colour is never all that tells: the sign stands before the text, or beside the number. */
function Lines({ lines, label, signed }: Props): ReactNode {
  const numbers = useMemo(() => gutterOf(lines, signed), [lines, signed])
  return (
    <div className="config" role="region" aria-label={label} tabIndex={0}>
      <pre className="numbers" aria-hidden="true">
        {numbers}
      </pre>
      <pre className="text">
        {runsOf(lines).map((run, index) => (
          <Run key={index} run={run} signed={signed} />
        ))}
      </pre>
    </div>
  )
}

function gutterOf(lines: readonly DiffLine[], signed: boolean): string {
  const width = Math.max(...lines.flatMap(({ numbers }) => numbers.map((one) => String(one ?? '').length)))
  return lines
    .map(({ kind, numbers, mark }) => {
      const cells = numbers.map((one) => (kind === 'gap' ? gap : String(one ?? '')).padStart(width))
      return `${cells.join(' ')} ${signed ? '' : signs[kind]}${mark}`
    })
    .join('\n')
}

/** Lines that are the same are one text and not an element each: there may be ten thousand. */
function runsOf(lines: readonly DiffLine[]): (readonly [DiffLine, ...DiffLine[]])[] {
  const runs: [DiffLine, ...DiffLine[]][] = []
  for (const line of lines) {
    const last = runs.at(-1)
    if (last !== undefined && isPlain(line) && isPlain(last[0])) last.push(line)
    else runs.push([line])
  }
  return runs
}

const isPlain = ({ kind, mark }: DiffLine): boolean => kind === 'same' && mark === ' '

function Run({ run, signed }: { run: readonly [DiffLine, ...DiffLine[]]; signed: boolean }): ReactNode {
  const [line] = run
  const sign = signed ? signs[line.kind] : ''
  if (isPlain(line)) return run.map(({ pieces }) => `${sign}${pieces[0]?.text ?? ''}\n`).join('')
  const className = line.mark === ' ' ? line.kind : `${line.kind} soft`
  const Tag = line.kind === 'added' ? 'ins' : line.kind === 'removed' ? 'del' : 'span'
  return (
    <Tag className={className}>
      {sign}
      {line.pieces.map(({ text, isChanged }, index) =>
        isChanged ? <mark key={index}>{text}</mark> : <Fragment key={index}>{text}</Fragment>,
      )}
      {'\n'}
    </Tag>
  )
}
