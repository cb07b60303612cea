import { type FormEvent, type ReactNode, useId, useLayoutEffect, useRef } from 'react'
import { Failure } from './answer.tsx'

type Props = {
  title: string
  /** What its button says. */
  action: string
  /** A reason is asked for, of at most so many characters. */
  reasonMax?: number
  isReasonOptional?: boolean
  isBusy: boolean
  /** Why it was not done. */
  error: Error | null
  onConfirm: (reason: string) => void
  onClose: () => void
  /** What it will do. */
  children: ReactNode
}

/** Asks before something is done. The browser's own: it keeps the focus in, takes Escape, and gives the focus back. */
export function Dialog({ title, action, reasonMax, isBusy, error, ...props }: Props): ReactNode {
  const { isReasonOptional = false, onConfirm, onClose, children } = props
  const box = useRef<HTMLDialogElement>(null)
  const id = useId()
  // Before it leaves the page: a dialog that is taken away open does not give the focus back.
  useLayoutEffect(() => {
    const shown = box.current
    shown?.showModal()
    return () => shown?.close()
  }, [])
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const reason = new FormData(event.currentTarget).get('reason')
    onConfirm(typeof reason === 'string' ? reason.trim() : '')
  }
  const cancel = (event: { preventDefault(): void }): void => {
    event.preventDefault()
    onClose()
  }
  return (
    <dialog ref={box} aria-labelledby={`${id}-title`} onCancel={cancel}>
      <form onSubmit={submit}>
        <h2 id={`${id}-title`}>{title}</h2>
        {children}
        {reasonMax === undefined ? null : (
          <>
            <label htmlFor={`${id}-reason`}>{isReasonOptional ? 'Reason (optional)' : 'Reason'}</label>
            {/* One that is all blanks is none. */}
            <input
              id={`${id}-reason`}
              name="reason"
              maxLength={reasonMax}
              {...(isReasonOptional ? {} : { pattern: '.*\\S.*', required: true })}
            />
          </>
        )}
        {error === null ? null : <Failure error={error} what="Not done" />}
        <div className="buttons">
          <button type="button" onClick={onClose}>
            Back
          </button>
          <button type="submit" className="primary" disabled={isBusy}>
            {action}
          </button>
        </div>
      </form>
    </dialog>
  )
}
