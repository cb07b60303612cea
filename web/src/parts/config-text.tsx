import { type ReactNode, useMemo } from 'react'

/**
 * Two texts side by side and not an element a line: ten thousand lines are two elements, and what is selected and
 * copied has no line numbers in it.
 */
export function ConfigText({ text, label }: { text: string; label: string }): ReactNode {
  const body = text.endsWith('\n') ? text.slice(0, -1) : text
  const numbers = useMemo(
    () =>
      body
        .split('\n')
        .map((_line, index) => index + 1)
        .join('\n'),
    [body],
  )
  return (
    // A region that scrolls must be reachable by the keyboard.
    <div className="config" role="region" aria-label={label} tabIndex={0}>
      <pre className="numbers" aria-hidden="true">
        {numbers}
      </pre>
      <pre className="text">{body}</pre>
    </div>
  )
}
