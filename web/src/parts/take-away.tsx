import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { getFile } from '../api.ts'
import { Failure } from './answer.tsx'

/** Puts a text where it can be pasted from. Browsers allow it on https and on localhost only. */
export function CopyButton({ text, label }: { text: string; label: string }): ReactNode {
  const copy = useMutation({ mutationFn: () => navigator.clipboard.writeText(text) })
  return (
    <>
      <button type="button" onClick={() => copy.mutate()}>
        {label}
      </button>
      <span role="status" className="note">
        {copy.isSuccess ? 'Copied.' : copy.isError ? 'Not copied: select the text and copy it.' : ''}
      </span>
    </>
  )
}

type FileProps = {
  label: string
  /** One address, or those of its parts. */
  path: string | readonly string[]
  name: string
  media: string
}

/** A file of the API. A plain link could not carry the token. */
export function DownloadButton({ label, path, name, media }: FileProps): ReactNode {
  const download = useMutation({
    mutationFn: () => getFile([path].flat(), media),
    // Asked for anew each time: nothing is kept of it.
    gcTime: 0,
    onSuccess: (file) => saveFile(file, name),
  })
  return (
    <>
      <button type="button" disabled={download.isPending} onClick={() => download.mutate()}>
        {label}
      </button>
      {download.isError ? <Failure error={download.error} what={`${label}: no file`} /> : null}
    </>
  )
}

const savingMsMax = 60_000

function saveFile(file: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  // Not at once: the browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), savingMsMax)
}
