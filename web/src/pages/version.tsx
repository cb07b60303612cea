import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { getJson, getText } from '../api.ts'
import { compareHref } from '../compared.ts'
import { Answer } from '../parts/answer.tsx'
import { ConfigText } from '../parts/config-text.tsx'
import { Heading } from '../parts/heading.tsx'
import { paths } from '../paths.ts'
import type { Device } from '../types.ts'
import { Reveal } from './reveal.tsx'

export function VersionPage({ id, version }: { id: string; version: string }): ReactNode {
  const device = useQuery({
    queryKey: ['device', id],
    queryFn: () => getJson<Device>(`/dcim/devices/${id}/`),
  })
  const text = useQuery({
    queryKey: ['device', id, 'text', version],
    queryFn: () => getText(`/backups/devices/${id}/versions/${version}/text/`),
    // A stored version never changes.
    staleTime: version === 'latest' ? 0 : Infinity,
  })
  const name = device.data?.name ?? 'Device'
  return (
    <>
      <p className="trail">
        <Link href={paths.devices}>Devices</Link> / <Link href={paths.device(id)}>{name}</Link>
      </p>
      <Heading title={`${name}, version ${version}`} />
      <p>
        <Link href={compareHref({ left_device: id, left_version: version, right_device: id })}>
          Compare with the newest
        </Link>{' '}
        · <Link href={paths.restorePlan(id, version)}>Restore plan</Link>
      </p>
      <Reveal id={id} version={version}>
        <p className="note">
          Secrets are shown as tags such as <code>&lt;secret:…&gt;</code>; the same secret has the same tag.
        </p>
        <Answer query={text} what="The configuration">
          {(data) => <ConfigText text={data} label="Configuration" />}
        </Answer>
      </Reveal>
    </>
  )
}
