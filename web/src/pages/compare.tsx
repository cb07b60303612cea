import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link, useSearchParams } from 'wouter'
import { getJson } from '../api.ts'
import { type Compared, compareHref, type CompareLook, readCompared, readLook } from '../compared.ts'
import { Answer } from '../parts/answer.tsx'
import type { PickedDevice } from '../parts/device-picker.tsx'
import { SplitDiff, UnifiedDiff } from '../parts/diff-view.tsx'
import { Heading } from '../parts/heading.tsx'
import { CopyButton } from '../parts/take-away.tsx'
import { Time } from '../parts/time.tsx'
import { paths } from '../paths.ts'
import type { Device, Diff } from '../types.ts'
import { CompareForm } from './compare-form.tsx'

/** All lines of what the API compares, and those around a change. */
const contexts = { all: 10_000, some: 3 } as const

/** Any two stored configurations. Both, and how they are shown, are in the address. */
export function ComparePage(): ReactNode {
  const [search] = useSearchParams()
  const compared = readCompared(search)
  const look = readLook(search)
  const { right_device: right } = compared
  const left = compared.left_device ?? right
  const [leftDevice, rightDevice] = [useDevice(left), useDevice(right)]
  const diff = useQuery({
    queryKey: ['diff', compared, look.volatile, look.lines],
    queryFn: () =>
      getJson<Diff>('/backups/diff/', {
        ...compared,
        volatile: look.volatile,
        context: contexts[look.lines ?? 'some'],
      }),
    enabled: right !== undefined,
  })
  return (
    <>
      <Heading title="Compare" />
      <CompareForm
        key={JSON.stringify([compared, leftDevice?.id, rightDevice?.id])}
        compared={compared}
        left={leftDevice}
        right={rightDevice}
        look={look}
      />
      {right === undefined ? (
        <p className="empty">Choose two devices, or one twice: their stored configurations are compared.</p>
      ) : (
        <Answer query={diff} what="The comparison">
          {(data) => <Comparison diff={data} compared={{ ...compared, ...sidesOf(data) }} look={look} />}
        </Answer>
      )}
    </>
  )
}

function useDevice(id: string | undefined): PickedDevice | undefined {
  const device = useQuery({
    queryKey: ['device', id],
    queryFn: () => getJson<Device>(`/dcim/devices/${id}/`),
    enabled: id !== undefined,
  })
  return id === undefined ? undefined : device.data
}

/** Numbers in place of words: what is compared stays so when a newer one comes. */
const sidesOf = ({ left, right }: Diff): Required<Compared> => ({
  left_device: String(left.device.id),
  left_version: String(left.version),
  right_device: String(right.device.id),
  right_version: String(right.version),
})

type Props = { diff: Diff; compared: Compared; look: CompareLook }

function Comparison({ diff, compared, look }: Props): ReactNode {
  const { identical, added, removed, unified, hunks } = diff
  const view = look.view ?? (matchMedia('(max-width: 45rem)').matches ? 'unified' : 'split')
  const soft = hunks.flat().flatMap(({ left, right }) => [left, right])
  const noise = soft.filter((line) => line?.insignificant === true).length
  return (
    <section aria-label="Comparison">
      <div className="heading">
        <h2>
          <Side side={diff.left} /> → <Side side={diff.right} />
        </h2>
        <Looks compared={compared} look={{ ...look, view }} />
      </div>
      <p>
        {identical ? 'Both are the same.' : `${countOf(added)} added, ${countOf(removed)} removed.`}
        {noise === 0 ? '' : ` ${countOf(noise)} marked ~: changes that mean nothing, by the rules of today.`}
        {look.volatile === '1' ? ' Lines marked · change by themselves.' : ''}
      </p>
      {hunks.length === 0 ? null : view === 'split' ? <SplitDiff diff={diff} /> : <UnifiedDiff diff={diff} />}
      {unified === '' ? null : (
        <p className="buttons">
          <CopyButton text={unified} label="Copy as diff" />
        </p>
      )}
    </section>
  )
}

const countOf = (count: number): string => `${count.toLocaleString()} ${count === 1 ? 'line' : 'lines'}`

function Side({ side: { device, version, collected } }: { side: Diff['left'] }): ReactNode {
  return (
    <>
      <Link href={paths.version(device.id, version)}>
        {device.name} v{version}
      </Link>{' '}
      <span className="note">
        <Time at={collected} />
      </span>
    </>
  )
}

type LooksProps = { compared: Compared; look: CompareLook }

function Looks({ compared, look }: LooksProps): ReactNode {
  const { left_device, left_version, right_device, right_version } = compared
  const swapped = {
    left_device: right_device,
    left_version: right_version,
    right_device: left_device,
    right_version: left_version,
  } as Compared
  const { volatile, lines, ...rest } = look
  const switchTo = (word: string, isOn: boolean, to: CompareLook): ReactNode => (
    <Link href={compareHref(compared, to)} aria-current={isOn ? 'true' : undefined} replace>
      {word}
    </Link>
  )
  return (
    <nav className="chips" aria-label="How it is shown">
      {switchTo('Side by side', look.view === 'split', { ...look, view: 'split' })}
      {switchTo('Unified', look.view === 'unified', { ...look, view: 'unified' })}
      {switchTo(
        'All lines',
        lines === 'all',
        lines === 'all' ? { ...rest, ...(volatile ? { volatile } : {}) } : { ...look, lines: 'all' },
      )}
      {switchTo(
        'Volatile lines',
        volatile === '1',
        volatile === '1' ? { ...rest, ...(lines ? { lines } : {}) } : { ...look, volatile: '1' },
      )}
      <Link href={compareHref(swapped, look)}>Swap sides</Link>
    </nav>
  )
}
