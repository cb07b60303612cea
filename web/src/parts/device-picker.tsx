import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type ReactNode, useDeferredValue, useEffect, useId, useState } from 'react'
import { getJson } from '../api.ts'
import type { Device, Page } from '../types.ts'

const offeredMax = 50

export type PickedDevice = { id: number; name: string }

type Props = {
  label: string
  /** The one that is chosen at first. */
  device: PickedDevice | undefined
  /** Called with none while what is typed is no device's name. */
  onPick: (device: PickedDevice | undefined) => void
}

/** A device by its name, of which those that have what is typed are offered. */
export function DevicePicker({ label, device, onPick }: Props): ReactNode {
  const id = useId()
  const [typed, type] = useState(device?.name ?? '')
  const wanted = useDeferredValue(typed.trim())
  const found = useQuery({
    queryKey: ['devices', 'offered', wanted],
    queryFn: () => {
      const asked = { name__ic: wanted.split(separator)[0], limit: offeredMax, fields: 'id,name,site' }
      return getJson<Page<Offered>>('/dcim/devices/', asked)
    },
    placeholderData: keepPreviousData,
  })
  const offered = offersOf(found.data?.results ?? [])
  // Of what is typed, not of what was asked for last: who submits at once must not get the one before.
  const name = typed.trim()
  const picked = name === device?.name ? device : offered.get(name)
  useEffect(() => onPick(picked), [picked?.id])
  return (
    <div>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        list={`${id}-offered`}
        value={typed}
        autoComplete="off"
        spellCheck={false}
        required
        onChange={(event) => type(event.target.value)}
      />
      <datalist id={`${id}-offered`}>
        {[...offered.keys()].map((offer) => (
          <option key={offer} value={offer} />
        ))}
      </datalist>
    </div>
  )
}

type Offered = Pick<Device, 'id' | 'name' | 'site'>

/** Between a name and the site that tells it from others of that name. */
const separator = ', '

function offersOf(devices: readonly Offered[]): Map<string, PickedDevice> {
  const byName = Map.groupBy(devices, ({ name }) => name)
  return new Map(
    devices.map(({ id, name, site }) => {
      const isOnly = byName.get(name)?.length === 1
      return [isOnly ? name : `${name}${separator}${site.display}`, { id, name }]
    }),
  )
}
