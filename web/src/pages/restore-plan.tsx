import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link, useSearchParams } from 'wouter'
import { getJson, urlOf } from '../api.ts'
import { Answer } from '../parts/answer.tsx'
import { ConfigText } from '../parts/config-text.tsx'
import { Heading } from '../parts/heading.tsx'
import { CopyButton, DownloadButton } from '../parts/take-away.tsx'
import { Time } from '../parts/time.tsx'
import { paths } from '../paths.ts'
import type { RestorePlan } from '../types.ts'

type Way = RestorePlan['ways'][number]

/** How a person brings a device back to a version. The version it is brought back from is in the address. */
export function RestorePlanPage({ id, version }: { id: string; version: string }): ReactNode {
  const [search] = useSearchParams()
  const from = search.get('from') ?? undefined
  const path = `/backups/devices/${id}/versions/${version}/restore-plan/`
  const plan = useQuery({
    queryKey: ['device', id, 'restore-plan', version, from],
    queryFn: () => getJson<RestorePlan>(path, { from }),
  })
  const name = plan.data?.device.name ?? 'Device'
  return (
    <>
      <p className="trail">
        <Link href={paths.devices}>Devices</Link> / <Link href={paths.device(id)}>{name}</Link>
      </p>
      <Heading title={`Back to version ${version}`}>
        {plan.data === undefined ? null : (
          <DownloadButton
            label="Download as Markdown"
            path={urlOf(path, { from, format: 'markdown' })}
            name={`${name}-v${plan.data.to.version}-restore.md`}
            media="text/markdown"
          />
        )}
      </Heading>
      <Answer query={plan} what="The plan">
        {(data) => <Plan id={id} plan={data} />}
      </Answer>
    </>
  )
}

function Plan({ id, plan }: { id: string; plan: RestorePlan }): ReactNode {
  const { from, to, platform, ways, check } = plan
  return (
    <>
      <p>
        {platform.name}. From <Link href={paths.version(id, from.version)}>version {from.version}</Link> of{' '}
        <Time at={from.collected} /> to <Link href={paths.version(id, to.version)}>version {to.version}</Link>{' '}
        of <Time at={to.collected} />. Nothing is sent to the device: these steps are for a person.
      </p>
      {plan.identical ? <p className="empty">Both versions are the same: there is nothing to do.</p> : null}
      <Points points={plan.notes} />
      {ways.map((way, index) => (
        <RestoreWay key={way.name} way={way} title={`Way ${index + 1}: ${way.name}`} />
      ))}
      {check.length === 0 ? null : (
        <section aria-label="Check">
          <h2>Check</h2>
          <ul className="plain">
            {check.map((command) => (
              <li key={command}>
                <code>{command}</code>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Proposal plan={plan} />
      <Points title="Not known" points={plan.unsure} />
      <Sources sources={plan.sources} />
    </>
  )
}

function RestoreWay({ way, title }: { way: Way; title: string }): ReactNode {
  const { result, reboot, steps, undo, dangers } = way
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <p className="note">
        {result === 'exact' ? 'What is not in the file goes' : 'What is not in the file stays'};{' '}
        {reboot ? 'the device reboots' : 'no reboot'}.
      </p>
      <ol>
        <Steps steps={steps} />
      </ol>
      {undo.length === 0 ? null : (
        <>
          <h3>To undo</h3>
          <ul className="plain">
            <Steps steps={undo} />
          </ul>
        </>
      )}
      <Points title="Beware" points={dangers} />
    </section>
  )
}

const Steps = ({ steps }: { steps: Way['steps'] }): ReactNode =>
  steps.map(({ text, typed }, index) => (
    <li key={`${index} ${text}`}>{typed ? <code>{text}</code> : <Prose text={text} />}</li>
  ))

function Proposal({ plan: { proposal, secrets } }: { plan: RestorePlan }): ReactNode {
  const { reason, lines, added, removed, careful } = proposal
  const text = lines.join('\n')
  return (
    <section aria-label="Proposal">
      <div className="heading">
        <h2>Proposal: the lines that differ</h2>
        {reason === null ? (
          <div className="buttons">
            <CopyButton text={text} label="Copy lines" />
          </div>
        ) : null}
      </div>
      {reason === null ? (
        <>
          <p className="note">
            Computed from the two texts and tried on no device: {removed} taken back, {added} put in.
            {secrets.proposal === 0
              ? ''
              : ` ${secrets.proposal} of the lines have a tag in place of a secret.`}
          </p>
          <ConfigText text={text} label="Proposed lines" />
        </>
      ) : (
        <p className="empty">None: {reason}.</p>
      )}
      {careful.length === 0 ? null : (
        <>
          <h3>These may end your session</h3>
          <pre className="found">{careful.join('\n')}</pre>
        </>
      )}
    </section>
  )
}

function Points({ title, points }: { title?: string; points: readonly string[] }): ReactNode {
  if (points.length === 0) return null
  return (
    <>
      {title === undefined ? null : <h3>{title}</h3>}
      <ul className="plain">
        {points.map((point) => (
          <li key={point}>
            <Prose text={point} />
          </li>
        ))}
      </ul>
    </>
  )
}

/** Commands in it stand between backticks. */
const Prose = ({ text }: { text: string }): ReactNode =>
  text
    .split('`')
    .map((part, index) => (index % 2 === 1 ? <code key={`${index} ${part}`}>{part}</code> : part))

function Sources({ sources }: { sources: readonly string[] }): ReactNode {
  if (sources.length === 0) return null
  return (
    <>
      <h3>Sources</h3>
      <ul className="plain">
        {sources.map((source) => (
          <li key={source}>
            {source.startsWith('https://') ? (
              <a href={source} rel="noreferrer">
                {source}
              </a>
            ) : (
              source
            )}
          </li>
        ))}
      </ul>
    </>
  )
}
