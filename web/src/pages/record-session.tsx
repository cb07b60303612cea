import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useId, useState } from 'react'
import { getJson } from '../api.ts'
import { Dialog } from '../parts/dialog.tsx'
import { DownloadButton } from '../parts/take-away.tsx'
import type { Job, Page, Platform } from '../types.ts'
import { useStart } from './start-job.tsx'

/** As the API takes them. */
const [reasonMax, typeMax] = [180, 100]
/** As many as the API gives at once. */
const platformsMax = 1000

/** Has a session with a device recorded, and goes to the page of the job that does it. */
export function RecordButton({ device }: { device: { id: number; name: string } }): ReactNode {
  const [isAsking, ask] = useState(false)
  const [type, setType] = useState('')
  const start = useStart(`/backups/devices/${device.id}/record-session/`)
  const record = (reason: string): void => {
    const asType = type.trim()
    start.mutate({
      ...(asType === '' ? {} : { device_type: asType }),
      ...(reason === '' ? {} : { reason }),
    })
  }
  const open = (): void => {
    start.reset()
    ask(true)
  }
  return (
    <>
      <button type="button" onClick={open}>
        Record a session
      </button>
      {isAsking ? (
        <Dialog
          title={`Record a session with ${device.name}`}
          action="Record"
          reasonMax={reasonMax}
          isReasonOptional
          isBusy={start.isPending}
          error={start.error}
          onConfirm={record}
          onClose={() => ask(false)}
        >
          <p>
            Facts and configuration are read as a backup does, and all that went over the terminal becomes a
            file, with the secrets masked. No version is stored.
          </p>
          <TypeField value={type} onChange={setType} />
        </Dialog>
      ) : null}
    </>
  )
}

type FieldProps = { value: string; onChange: (value: string) => void }

/** Any type may be typed; those of the inventory's platforms are offered. */
function TypeField({ value, onChange }: FieldProps): ReactNode {
  const id = useId()
  const platforms = useQuery({
    queryKey: ['platforms', 'drivers'],
    queryFn: () =>
      getJson<Page<Pick<Platform, 'driver'>>>('/dcim/platforms/', { fields: 'driver', limit: platformsMax }),
  })
  const drivers = (platforms.data?.results ?? []).map(({ driver }) => driver).filter((one) => one !== '')
  return (
    <>
      <label htmlFor={id}>Device type (optional)</label>
      <input
        id={id}
        list={`${id}-offered`}
        value={value}
        maxLength={typeMax}
        autoComplete="off"
        spellCheck={false}
        placeholder="That of its platform"
        onChange={(event) => onChange(event.target.value)}
      />
      <datalist id={`${id}-offered`}>
        {[...new Set(['autodetect', ...drivers.toSorted()])].map((driver) => (
          <option key={driver} value={driver} />
        ))}
      </datalist>
    </>
  )
}

/** An answer of the API holds no more of a file. */
const partBytesMax = 4 * 1024 * 1024

/** The file of a session that was recorded: none where there was no session. */
export function RecordedFile({ job: { id, result } }: { job: Job }): ReactNode {
  const { file, bytes } = result ?? {}
  if (typeof file !== 'string' || typeof bytes !== 'number')
    return <p className="empty">No session was opened: there is no file.</p>
  const parts = Array.from({ length: Math.ceil(bytes / partBytesMax) }, (_part, index) => {
    const range = `offset=${index * partBytesMax}&bytes=${partBytesMax}`
    return `/backups/session-recordings/${id}/?${range}`
  })
  return (
    <div className="buttons">
      <DownloadButton label="Download the session" path={parts} name={file} media="application/json" />
      <span className="note">
        {file}, {bytes.toLocaleString()} bytes
      </span>
    </div>
  )
}
