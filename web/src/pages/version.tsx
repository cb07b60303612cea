import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo } from 'react'
import { Link } from 'wouter'
import { getJson, getText } from '../api.ts'
import { Answer } from '../parts/answer.tsx'
import { Heading } from '../parts/heading.tsx'
import { paths } from '../paths.ts'
import type { Device } from '../types.ts'

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
      <p className="note">
        Secrets are shown as tags such as <code>&lt;secret:…&gt;</code>; the same secret has the same tag.
      </p>
      <Answer query={text} what="The configuration">
        {(data) => <ConfigText text={data} />}
      </Answer>
    </>
  )
}

/**
 * Two texts side by side and not an element a line: ten thousand lines are two elements, and what is selected and
 * copied has no line numbers in it.
 */
function ConfigText({ text }: { text: string }): ReactNode {
  const body = text.endsWith('\n') ? text.slice(0, -1) : text
  const numbers = useMemo(
    () =>
      body
        .split('\n')
        .map((_line, index) => index + 1)
        .join('\n'),
    [body],
  )
  return (
    // A region that scrolls must be reachable by the keyboard.
    <div className="config" role="region" aria-label="Configuration" tabIndex={0}>
      <pre className="numbers" aria-hidden="true">
        {numbers}
      </pre>
      <pre className="text">{body}</pre>
    </div>
  )
}
