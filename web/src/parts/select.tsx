import { type ReactNode, useId } from 'react'

type Props = {
  name: string
  label: string
  chosen: string | undefined
  options: readonly { value: string; label: string }[]
}

/** One of several, in a form. */
export function Select({ name, label, chosen, options }: Props): ReactNode {
  const id = useId()
  return (
    <div>
      <label htmlFor={id}>{label}</label>
      <select id={id} name={name} defaultValue={chosen ?? ''}>
        {options.map(({ value, label: words }) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    </div>
  )
}
