import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { getJson } from '../api.ts'
import { Answer } from '../parts/answer.tsx'
import { severityWords } from '../parts/severity.ts'
import { Status } from '../parts/status.tsx'
import { Time } from '../parts/time.tsx'
import type { DeviceCompliance } from '../types.ts'
import { deviceStateOf } from './device-backup.tsx'

type Ruled = DeviceCompliance['rules'][number]
type Outcome = Ruled['outcome']

const words: Record<Outcome, string> = {
  failed: 'Fails',
  excepted: 'Excepted',
  passed: 'Passes',
  not_applicable: 'Does not apply',
}
/** What somebody has to look at comes first. */
const order = Object.keys(words) as Outcome[]

/** The newest configuration of a device held against every rule, at this moment. */
export function DeviceComplianceSection({ id }: { id: string }): ReactNode {
  const state = useQuery(deviceStateOf(id))
  const compliance = useQuery({
    queryKey: ['device', id, 'compliance'],
    queryFn: () => getJson<DeviceCompliance>(`/backups/devices/${id}/compliance/`),
    enabled: typeof state.data?.version === 'number',
  })
  // Why nothing is known of its backup is said above.
  if (state.isError && state.data === undefined) return null
  return (
    <section aria-label="Compliance">
      <h2>Compliance</h2>
      {state.data?.version === null ? (
        <p className="empty">No configuration is stored yet: there is nothing to hold against rules.</p>
      ) : (
        <Answer query={compliance} what="Its compliance">
          {(data) => <Rules compliance={data} />}
        </Answer>
      )}
    </section>
  )
}

function Rules({ compliance: { rules, version, collected, reported } }: { compliance: DeviceCompliance }) {
  const asked = rules
    .filter(({ reason }) => reason !== 'device')
    .toSorted((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome))
  if (asked.length === 0) return <p className="empty">No enabled compliance rule is about this device.</p>
  return (
    <>
      <p className="note">
        Version {version} of <Time at={collected} />.
        {reported?.stale === false ? '' : ' The compliance report has not seen it yet.'}
      </p>
      <ul className="rules">
        {asked.map((ruled) => (
          <li key={ruled.rule.id}>
            <RuleOutcome ruled={ruled} />
          </li>
        ))}
      </ul>
    </>
  )
}

function RuleOutcome({ ruled }: { ruled: Ruled }): ReactNode {
  const { rule, outcome, reason, exception, missing, offending, is_cut: isCut } = ruled
  return (
    <>
      <p>
        <Status value={outcome} label={words[outcome]} /> <strong>{rule.name}</strong>{' '}
        <span className="note">{severityWords[rule.severity]}</span>
        {reason === 'section' ? <span className="note">: there is no such section</span> : null}
      </p>
      {exception === null ? null : (
        <p className="note">
          Excepted: {exception.reason}
          {exception.expires === null ? '' : ', until '}
          {exception.expires === null ? null : <Time at={exception.expires} />}
        </p>
      )}
      {missing.map(({ section, lines }) => (
        <Found
          key={section?.number ?? 'whole'}
          title={
            section === null ? 'Missing' : `Missing below line ${section.number}, ${section.text.trim()}`
          }
          lines={lines}
        />
      ))}
      {offending.length === 0 ? null : (
        <Found
          title="Should not be there"
          lines={offending.map(({ number, text }) => `${number}: ${text}`)}
        />
      )}
      {isCut ? <p className="note">More was found than is shown.</p> : null}
      {outcome === 'failed' && rule.remediation !== '' ? (
        <p className="note">What to do: {rule.remediation}</p>
      ) : null}
    </>
  )
}

const Found = ({ title, lines }: { title: string; lines: readonly string[] }): ReactNode => (
  <>
    <p className="note">{title}:</p>
    <pre className="found">{lines.join('\n')}</pre>
  </>
)
