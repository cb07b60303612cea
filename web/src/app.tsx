import { QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Link, Redirect, Route, Switch, useLocation } from 'wouter'
import { ComparePage } from './pages/compare.tsx'
import { CompliancePage } from './pages/compliance.tsx'
import { ConflictsPage } from './pages/conflicts.tsx'
import { CoveragePage } from './pages/coverage.tsx'
import { DevicePage } from './pages/device.tsx'
import { DevicesPage } from './pages/devices.tsx'
import { JobPage } from './pages/job.tsx'
import { JobsPage } from './pages/jobs.tsx'
import { RemotesPage } from './pages/remotes.tsx'
import { RestorePlanPage } from './pages/restore-plan.tsx'
import { RunPage } from './pages/run.tsx'
import { RunsPage } from './pages/runs.tsx'
import { SearchPage } from './pages/search.tsx'
import { SignInPage } from './pages/sign-in.tsx'
import { SoftwarePage } from './pages/software.tsx'
import { SoftwareDevicesPage } from './pages/software-devices.tsx'
import { SubscriptionsPage } from './pages/subscriptions.tsx'
import { VersionPage } from './pages/version.tsx'
import { Heading } from './parts/heading.tsx'
import { paths, patterns } from './paths.ts'
import { newQueries } from './queries.ts'
import { forgetToken, useToken } from './session.ts'

export function App(): ReactNode {
  const token = useToken()
  // The address stays while somebody signs in, so that a link that was sent leads where it should.
  return token === null ? <SignInPage /> : <Console key={token} />
}

function Console(): ReactNode {
  const [queries] = useState(newQueries)
  return (
    <QueryClientProvider client={queries}>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <Banner />
      <main id="main" tabIndex={-1}>
        <Pages />
      </main>
    </QueryClientProvider>
  )
}

function Banner(): ReactNode {
  return (
    <header className="banner">
      <Link className="brand" href={paths.runs}>
        netkeep
      </Link>
      <nav aria-label="Main">
        <Tab href={paths.runs}>Runs</Tab>
        <Tab href={paths.devices}>Devices</Tab>
        <Tab href={paths.coverage}>Coverage</Tab>
        <Tab href={paths.search}>Search</Tab>
        <Tab href={paths.compare}>Compare</Tab>
        <Tab href={paths.compliance}>Compliance</Tab>
        <Tab href={paths.conflicts}>Conflicts</Tab>
        <Tab href={paths.software}>Software</Tab>
        <Tab href={paths.remotes}>Git remotes</Tab>
        <Tab href={paths.subscriptions}>Subscriptions</Tab>
        <Tab href={paths.jobs}>Jobs</Tab>
      </nav>
      <button type="button" className="quiet" onClick={forgetToken}>
        Sign out
      </button>
    </header>
  )
}

function Tab({ href, children }: { href: string; children: ReactNode }): ReactNode {
  const [location] = useLocation()
  return (
    <Link href={href} aria-current={location.startsWith(href) ? 'page' : undefined}>
      {children}
    </Link>
  )
}

function Pages(): ReactNode {
  return (
    <Switch>
      <Route path="/">
        <Redirect to={paths.runs} replace />
      </Route>
      <Route path={paths.runs}>
        <RunsPage />
      </Route>
      <Route path={patterns.run}>{({ id }) => <RunPage key={id} id={id} />}</Route>
      <Route path={paths.coverage}>
        <CoveragePage />
      </Route>
      <Route path={paths.search}>
        <SearchPage />
      </Route>
      <Route path={paths.compare}>
        <ComparePage />
      </Route>
      <Route path={paths.compliance}>
        <CompliancePage />
      </Route>
      <Route path={paths.conflicts}>
        <ConflictsPage />
      </Route>
      <Route path={paths.software}>
        <SoftwarePage />
      </Route>
      <Route path={paths.softwareDevices}>
        <SoftwareDevicesPage />
      </Route>
      <Route path={paths.remotes}>
        <RemotesPage />
      </Route>
      <Route path={paths.subscriptions}>
        <SubscriptionsPage />
      </Route>
      <Route path={paths.jobs}>
        <JobsPage />
      </Route>
      <Route path={patterns.job}>{({ id }) => <JobPage key={id} id={id} />}</Route>
      <Route path={paths.devices}>
        <DevicesPage />
      </Route>
      <Route path={patterns.device}>{({ id }) => <DevicePage key={id} id={id} />}</Route>
      <Route path={patterns.version}>
        {({ id, version }) => <VersionPage key={`${id} ${version}`} id={id} version={version} />}
      </Route>
      <Route path={patterns.restorePlan}>
        {({ id, version }) => <RestorePlanPage key={`${id} ${version}`} id={id} version={version} />}
      </Route>
      <Route>
        <Heading title="Not found" />
        <p>
          There is no such page. Go to the <Link href={paths.runs}>runs</Link> or the{' '}
          <Link href={paths.devices}>devices</Link>.
        </p>
      </Route>
    </Switch>
  )
}
