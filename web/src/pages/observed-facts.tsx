import type { ReactNode } from 'react'
import { Time } from '../parts/time.tsx'
import type { DeviceState } from '../types.ts'

type Facts = DeviceState['facts']
type Name = keyof Facts

const words: Record<Name, string> = {
  hostname: 'Name',
  model: 'Model',
  serial: 'Serial number',
  os_version: 'OS version',
  driver: 'Read as',
}

/** What a device says of itself, with the line that it was read from. */
export function ObservedFacts({ facts }: { facts: Facts }): ReactNode {
  const known = (Object.keys(words) as Name[]).flatMap((name) => {
    const fact = facts[name]
    return fact === undefined ? [] : [{ name, fact }]
  })
  return (
    <>
      <h3>What it says of itself</h3>
      {known.length === 0 ? (
        <p className="empty">Nothing yet: a backup reads it.</p>
      ) : (
        <div className="table">
          <table>
            <thead>
              <tr>
                <th scope="col">Fact</th>
                <th scope="col">Says</th>
                <th scope="col">Read from</th>
                <th scope="col">Since</th>
                <th scope="col">Last</th>
                <th scope="col" className="number">
                  Readings
                </th>
              </tr>
            </thead>
            <tbody>
              {known.map(({ name, fact: { value, raw, first_seen: first, last_seen: last, count } }) => (
                <tr key={name}>
                  <th scope="row">{words[name]}</th>
                  <td>{value}</td>
                  <td className="why">
                    <code>{raw}</code>
                  </td>
                  <td>
                    <Time at={first} />
                  </td>
                  <td>
                    <Time at={last} />
                  </td>
                  <td className="number">{count}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  )
}
