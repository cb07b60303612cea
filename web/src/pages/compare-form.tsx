import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useLocation } from 'wouter'
import { getJson } from '../api.ts'
import { type Compared, compareHref, type CompareLook } from '../compared.ts'
import { Failure } from '../parts/answer.tsx'
import { DevicePicker, type PickedDevice } from '../parts/device-picker.tsx'
import { Select } from '../parts/select.tsx'
import type { Page, Version } from '../types.ts'

/** As many as the API gives at once; of longer histories the newest. */
const versionsMax = 1000

type Props = {
  compared: Compared
  /** Those of the address, where they are known. */
  left: PickedDevice | undefined
  right: PickedDevice | undefined
  look: CompareLook
}

/** Which two are compared. */
export function CompareForm({ compared, look, ...devices }: Props): ReactNode {
  const [, go] = useLocation()
  const [left, pickLeft] = useState(devices.left)
  const [right, pickRight] = useState(devices.right)
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    if (left === undefined || right === undefined) return
    const given = Object.fromEntries(
      [...new FormData(event.currentTarget)].filter(([, value]) => typeof value === 'string'),
    ) as Compared
    go(compareHref({ ...given, left_device: String(left.id), right_device: String(right.id) }, look))
  }
  const isSame = left !== undefined && left.id === right?.id
  return (
    <form className="filters" aria-label="What is compared" onSubmit={submit}>
      <DevicePicker label="Left device" device={devices.left} onPick={pickLeft} />
      <VersionSelect
        name="left_version"
        label="Left version"
        device={left}
        chosen={left?.id === devices.left?.id ? compared.left_version : undefined}
        standard={isSame ? 'previous' : 'latest'}
        words={isSame ? { previous: 'The one before' } : {}}
      />
      <DevicePicker label="Right device" device={devices.right} onPick={pickRight} />
      <VersionSelect
        name="right_version"
        label="Right version"
        device={right}
        chosen={right?.id === devices.right?.id ? compared.right_version : undefined}
        standard="latest"
        words={{}}
      />
      <button type="submit" disabled={left === undefined || right === undefined}>
        Compare
      </button>
    </form>
  )
}

type VersionProps = {
  name: string
  label: string
  device: PickedDevice | undefined
  /** Of this device. A number says nothing of another one. */
  chosen: string | undefined
  standard: string
  words: Record<string, string>
}

function VersionSelect({ name, label, device, chosen, standard, words }: VersionProps): ReactNode {
  const versions = useQuery({
    queryKey: ['device', String(device?.id), 'versions', 'all'],
    queryFn: () => getJson<Page<Version>>(`/backups/devices/${device?.id}/versions/`, { limit: versionsMax }),
    enabled: device !== undefined,
  })
  const stored = (versions.data?.results ?? []).map(({ version, collected }) => ({
    value: String(version),
    label: `v${version} of ${dayOf(collected)}`,
  }))
  const named = Object.entries({ latest: 'The newest', ...words }).map(([value, word]) => ({
    value,
    label: word,
  }))
  // There from the start: who sends the form before the versions have come keeps what was chosen.
  const isAwaited = stored.every(({ value }) => value !== chosen) && /^-?\d+$/.test(chosen ?? '')
  const own = isAwaited ? [{ value: String(chosen), label: `v${chosen}` }] : []
  return (
    <div>
      <Select
        key={`${device?.id} ${standard}`}
        name={name}
        label={label}
        chosen={chosen ?? standard}
        options={[...named, ...own, ...stored]}
      />
      {versions.isError ? <Failure error={versions.error} what="Its versions" /> : null}
    </div>
  )
}

const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const dayOf = (at: string): string => format.format(new Date(at))
