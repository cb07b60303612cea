import type { Completeness } from '../platforms/definition.ts'

/**
 * How sure an answer is of being whole. `ended`: it shows the platform's own end. `plausible`: it shows what every
 * configuration has, and only the prompt can tell that nothing follows. `open`: it lacks what it must have.
 */
export type Wholeness = 'ended' | 'plausible' | 'open'

export function wholenessOf(answer: string, complete: Completeness): Wholeness {
  if ('lastLine' in complete) return complete.lastLine.test(lastLineOf(answer)) ? 'ended' : 'open'
  if ('balanced' in complete) return bracesOf(answer, complete.blocks) ? 'ended' : 'open'
  const lines = answer.split('\n')
  return complete.contains.every((wanted) => lines.some((line) => wanted.test(line))) ? 'plausible' : 'open'
}

function lastLineOf(answer: string): string {
  const text = answer.trimEnd()
  return text.slice(text.lastIndexOf('\n') + 1)
}

/** Braces close and never below zero; those in quoted strings and in comments (`#` and C-style) do not count. */
function bracesOf(answer: string, blocks: number): boolean {
  let depth = 0
  let closed = 0
  for (const [token] of answer.matchAll(braceTokens)) {
    if (token === '{') depth += 1
    else if (token === '}') {
      depth -= 1
      if (depth < 0) return false
      if (depth === 0) closed += 1
    }
  }
  return depth === 0 && closed >= blocks
}

/** A quoted string (it may run over lines), a comment, or a brace. */
const braceTokens = /"(?:[^"\\]|\\[\s\S])*"|#[^\n]*|\/\*[\s\S]*?\*\/|[{}]/g
