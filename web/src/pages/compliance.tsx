import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { FormEvent, ReactNode } from 'react'
import { Link, useLocation, useSearchParams } from 'wouter'
import { getJson, urlOf } from '../api.ts'
import { type ComplianceFilters, readFilters } from '../compliance-filters.ts'
import { Answer } from '../parts/answer.tsx'
import { Heading } from '../parts/heading.tsx'
import { JobButton } from '../parts/job-button.tsx'
import { Pager, readOffset } from '../parts/pager.tsx'
import { Select } from '../parts/select.tsx'
import { severityWords } from '../parts/severity.ts'
import { DownloadButton } from '../parts/take-away.tsx'
import { Tallies } from '../parts/tallies.tsx'
import { paths } from '../paths.ts'
import type { ComplianceReport, Severity } from '../types.ts'
import { FailingDevices } from './failing-devices.tsx'
import { RuleCounts } from './rule-counts.tsx'

const limit = 50
const root = '/backups/compliance/'
/** Which devices do not hold to which rules. What is chosen is in the address. */
export function CompliancePage(): ReactNode {
  const [search] = useSearchParams()
  const chosen = readFilters(search)
  const offset = readOffset(search)
  const report = useQuery({
    queryKey: ['compliance', chosen, offset],
    queryFn: () => getJson<ComplianceReport>(root, { ...chosen, limit, offset }),
    placeholderData: keepPreviousData,
  })
  // What there is to choose from; a report that is filtered lacks the rest.
  const whole = useQuery({
    queryKey: ['compliance', 'whole'],
    queryFn: () => getJson<ComplianceReport>(root, { limit: 0 }),
  })
  return (
    <>
      <Heading title="Compliance">
        <div className="buttons">
          <JobButton label="Check now" path={`${root}check/`} renews={['compliance']} />
          <DownloadButton
            label="Download CSV"
            path={urlOf(root, { ...chosen, export: 'csv' })}
            name="compliance.csv"
            media="text/csv"
          />
        </div>
      </Heading>
      <Answer query={whole} what="The rules">
        {(all) => (
          <>
            <Severities counts={all.severities} chosen={chosen} />
            <Choice key={JSON.stringify(chosen)} whole={all} chosen={chosen} />
          </>
        )}
      </Answer>
      <Answer query={report} what="The report">
        {(data) => <Report report={data} chosen={chosen} offset={offset} />}
      </Answer>
    </>
  )
}

type ReportProps = { report: ComplianceReport; chosen: ComplianceFilters; offset: number }

function Report({ report, chosen, offset }: ReportProps): ReactNode {
  const { totals, rules, count, results } = report
  if (rules.length === 0)
    return (
      <p className="empty">
        {Object.keys(chosen).length === 0
          ? 'There are no enabled compliance rules yet. They are created by the API: POST /api/backups/compliance-rules/.'
          : 'No enabled rule is like this.'}
      </p>
    )
  const href = (to: number): string =>
    urlOf(paths.compliance, { ...chosen, offset: to === 0 ? undefined : to })
  return (
    <>
      <Tallies
        tallies={{
          Devices: report.devices,
          Failed: totals.failed,
          Excepted: totals.excepted,
          Passed: totals.passed,
          'Not checked yet': totals.stale + totals.unchecked,
        }}
      />
      <RuleCounts rules={rules} chosen={chosen} />
      <section aria-label="Devices">
        <h2>{chosen.standing === 'excepted' ? 'Excepted devices' : 'Failing devices'}</h2>
        {count === 0 ? (
          <p className="empty">
            {chosen.standing === 'excepted' ? 'Of no device all failures are excepted.' : 'No device fails.'}
            {totals.stale + totals.unchecked === 0 ? '' : ' Some were not checked yet.'}
          </p>
        ) : (
          <>
            <FailingDevices devices={results} />
            <Pager {...{ count, offset, limit, href }} />
          </>
        )}
      </section>
    </>
  )
}

type SeveritiesProps = { counts: ComplianceReport['severities']; chosen: ComplianceFilters }

function Severities({ counts, chosen }: SeveritiesProps): ReactNode {
  const linkTo = (severity: Severity | undefined, words: string): ReactNode => (
    <Link
      key={words}
      href={urlOf(paths.compliance, { ...chosen, severity })}
      aria-current={chosen.severity === severity ? 'true' : undefined}
    >
      {words}
    </Link>
  )
  const severities = Object.keys(severityWords) as Severity[]
  return (
    <nav className="chips" aria-label="Filter by severity">
      {linkTo(undefined, 'All')}
      {severities.map((each) => linkTo(each, `${severityWords[each]} ${counts[each].failed}`))}
    </nav>
  )
}

function Choice({ whole, chosen }: { whole: ComplianceReport; chosen: ComplianceFilters }): ReactNode {
  const [, go] = useLocation()
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const given = Object.fromEntries(
      [...new FormData(event.currentTarget)].filter(([, value]) => typeof value === 'string'),
    ) as ComplianceFilters
    go(urlOf(paths.compliance, { ...chosen, ...given }))
  }
  const named = (one: { id: number; name: string }) => ({ value: String(one.id), label: one.name })
  return (
    <form className="filters" aria-label="Filters" onSubmit={submit}>
      <Select
        name="site_id"
        label="Site"
        chosen={chosen.site_id}
        options={[all, ...whole.sites.map(({ site }) => named(site))]}
      />
      <Select
        name="platform_id"
        label="Platform"
        chosen={chosen.platform_id}
        options={[
          all,
          ...whole.platforms.flatMap(({ platform }) => (platform === null ? [] : [named(platform)])),
        ]}
      />
      <Select
        name="rule_id"
        label="Rule"
        chosen={chosen.rule_id}
        options={[all, ...whole.rules.map(({ rule }) => named(rule))]}
      />
      <Select
        name="standing"
        label="Devices that"
        chosen={chosen.standing}
        options={[
          { value: '', label: 'fail' },
          { value: 'excepted', label: 'are excepted' },
        ]}
      />
      <button type="submit">Show</button>
    </form>
  )
}

const all = { value: '', label: 'All' }
