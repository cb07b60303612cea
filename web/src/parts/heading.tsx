import { type ReactNode, useEffect, useRef } from 'react'

/** A page's title. It takes the focus, so that a change of page is heard by those who do not see it. */
export function Heading({ title, children }: { title: string; children?: ReactNode }): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · netkeep`
  }, [title])
  // Once: a title that becomes known later must not take the focus from where somebody has gone meanwhile.
  useEffect(() => heading.current?.focus(), [])
  return (
    <div className="heading">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </div>
  )
}
