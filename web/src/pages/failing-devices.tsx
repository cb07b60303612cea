import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { severityWords } from '../parts/severity.ts'
import { Time } from '../parts/time.tsx'
import { paths } from '../paths.ts'
import type { ComplianceReport } from '../types.ts'

type Failing = ComplianceReport['results'][number]

/** With what was found first of each rule; the device's own page has all of it. */
export function FailingDevices({ devices }: { devices: readonly Failing[] }): ReactNode {
  return (
    <div className="table">
      <table>
        <thead>
          <tr>
            <th scope="col">Device</th>
            <th scope="col">Fails</th>
            <th scope="col">Site</th>
            <th scope="col">Platform</th>
            <th scope="col">Version</th>
            <th scope="col">Checked</th>
          </tr>
        </thead>
        <tbody>
          {devices.map(({ device, site, platform, version, checked, rules }) => (
            <tr key={device.id}>
              <th scope="row">
                <Link href={paths.device(device.id)}>{device.name}</Link>
              </th>
              <td className="why">
                <ul className="plain">
                  {rules.map((rule) => (
                    <FailedRule key={rule.id} rule={rule} />
                  ))}
                </ul>
              </td>
              <td>{site.name}</td>
              <td>{platform?.name ?? '–'}</td>
              <td>
                <Link href={paths.version(device.id, version)}>v{version}</Link>
              </td>
              <td>
                <Time at={checked} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function FailedRule({ rule }: { rule: Failing['rules'][number] }): ReactNode {
  const { name, severity, number, text, missing, exception } = rule
  return (
    <li>
      {name} <span className="note">({severityWords[severity]})</span>: {missing ? 'missing ' : ''}
      {!missing && number !== null ? `line ${number} ` : ''}
      <code>{text}</code>
      {exception === null ? null : <span className="note"> excepted: {exception.reason}</span>}
    </li>
  )
}
