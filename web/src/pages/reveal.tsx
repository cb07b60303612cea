import { type ReactNode, useEffect, useRef, useState } from 'react'
import { ApiError, postText } from '../api.ts'
import { ConfigText } from '../parts/config-text.tsx'
import { Dialog } from '../parts/dialog.tsx'

/** As the API takes it. */
const reasonMax = 480

type Props = { id: string; version: string; children: ReactNode }

/**
 * The text of a version with its secrets, in place of the one without. It is held by this component alone and not by
 * the cache of the queries, so that it goes with the page.
 */
export function Reveal({ id, version, children }: Props): ReactNode {
  const [text, show] = useState<string>()
  const [isAsking, ask] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const request = useRef<AbortController>(null)
  const leave = (): void => request.current?.abort()
  useEffect(() => leave, [])
  const open = (): void => {
    setError(null)
    ask(true)
  }
  const close = (): void => {
    leave()
    ask(false)
  }
  const reveal = async (reason: string): Promise<void> => {
    const asked = new AbortController()
    request.current = asked
    setBusy(true)
    setError(null)
    try {
      const path = `/backups/reveal/devices/${id}/versions/${version}/`
      const found = await postText(path, { reason }, asked.signal)
      if (asked.signal.aborted) return
      show(found)
      ask(false)
    } catch (cause) {
      if (!asked.signal.aborted) setError(refusalOf(cause))
    } finally {
      setBusy(false)
    }
  }
  if (text !== undefined) return <Revealed text={text} hide={() => show(undefined)} />
  return (
    <>
      <div className="buttons">
        <button type="button" onClick={open}>
          Reveal secrets
        </button>
      </div>
      {children}
      {isAsking ? (
        <Dialog
          title="Reveal the secrets of this version"
          action="Reveal"
          reasonMax={reasonMax}
          isBusy={isBusy}
          error={error}
          onConfirm={(reason) => void reveal(reason)}
          onClose={close}
        >
          <p>
            <strong>It is written down</strong> who asked for which version, when and why, before the text is
            shown, and also where it is refused.
          </p>
        </Dialog>
      ) : null}
    </>
  )
}

function Revealed({ text, hide }: { text: string; hide: () => void }): ReactNode {
  const warning = useRef<HTMLParagraphElement>(null)
  // The button that had the focus is gone.
  useEffect(() => warning.current?.focus(), [])
  return (
    <>
      <div className="failure">
        <p ref={warning} tabIndex={-1}>
          <strong>This text has its secrets in it.</strong> It is not kept: once it is hidden or the page is
          left, it must be asked for again.
        </p>
        <button type="button" onClick={hide}>
          Hide
        </button>
      </div>
      <ConfigText text={text} label="Configuration with its secrets" />
    </>
  )
}

function refusalOf(cause: unknown): Error {
  if (!(cause instanceof ApiError)) return new Error('netkeep cannot be reached. Try again.')
  if (cause.status !== 403) return cause
  const message = `You may not see the secrets. ${cause.message} That you asked is written down.`
  return new ApiError(message, cause.status, cause.requestId)
}
