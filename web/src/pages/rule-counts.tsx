import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { urlOf } from '../api.ts'
import type { ComplianceFilters } from '../compliance-filters.ts'
import { severityWords } from '../parts/severity.ts'
import { paths } from '../paths.ts'
import type { ComplianceReport } from '../types.ts'

type Props = { rules: ComplianceReport['rules']; chosen: ComplianceFilters }

/** How many devices stand how to each rule. */
export function RuleCounts({ rules, chosen }: Props): ReactNode {
  return (
    <section aria-label="Rules">
      <h2>Rules</h2>
      <div className="table">
        <table>
          <thead>
            <tr>
              <th scope="col">Rule</th>
              <th scope="col">Severity</th>
              {['Failed', 'Excepted', 'Passed', 'Does not apply', 'Not checked yet'].map((word) => (
                <th key={word} scope="col" className="number">
                  {word}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rules.map(({ rule, ...counts }) => (
              <tr key={rule.id}>
                <th scope="row">
                  <Link href={urlOf(paths.compliance, { ...chosen, rule_id: rule.id })}>{rule.name}</Link>
                </th>
                <td>{severityWords[rule.severity]}</td>
                <td className="number">{counts.failed}</td>
                <td className="number">{counts.excepted}</td>
                <td className="number">{counts.passed}</td>
                <td className="number">{counts.not_applicable}</td>
                <td className="number">{counts.stale + counts.unchecked}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
