import type { Settled } from '../../../shared/git/settle.ts'
import { machine, markdownTable } from '../report.ts'
import type { Answered, Packs, Transfer } from './measure.ts'
import { authorsOfRun } from './network.ts'
import type { PlainGit } from './plain-git.ts'

export type HistoryFigures = {
  devices: number
  runs: number
  part: number
  storedSeconds: number
  unsettled: Packs & { clone: Transfer }
  settling: { done: Settled; seconds: number }
  deleted: number
  settled: Packs & { clone: Transfer }
  logMs: number
  fetch: Transfer
  again: { done: Settled; seconds: number }
  lateFetch: Transfer
  questions: readonly Answered[]
  plain: PlainGit
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
const seconds = (value: number): string => `${value.toFixed(1)} s`
const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`
const whole = (value: number): string => value.toLocaleString('en')

export function reportHistory(figures: HistoryFigures): string {
  const { devices, runs, part, plain, settling, again, questions } = figures
  const versions = devices + Math.round(devices * part) * (runs - 1)
  return [
    '## Years of history',
    `${whole(devices)} devices of 60 kB, ${whole(runs)} runs a day apart, in each one device in ${Math.round(1 / part)} changed by one to four lines, ${authorsOfRun} authors a run: ${whole(versions)} versions. On ${machine()}.`,
    `Versions and commits are stored by the product's own code in a table of the local runtime and a folder; left out are devices, collector and results. Git clones over HTTP from the code of the git function; gateway and Lambda are left out, S3 is a folder. Plain git commits the same texts, one commit a run, each object a file of its own, as a tool does that never packs.`,
    sizeTable(figures),
    `Settling the whole history at once took ${seconds(settling.seconds)} (${whole(settling.done.retired)} packs became ${whole(settling.done.written)}); settling what some runs more had brought took ${seconds(again.seconds)} (${whole(again.done.retired)} packs, ${whole(again.done.written)} written). \`git gc\` of the plain repository took ${seconds(plain.gcSeconds)}. Storing all runs took ${seconds(figures.storedSeconds)}, plain git ${seconds(plain.commitSeconds)}.`,
    transferTable(figures),
    questionTable(questions),
    `How a tool over plain git lists the versions of a device (\`git log -- file\`): ${ms(plain.loose.logMs)} before \`git gc\`, ${ms(plain.packed.logMs)} after it; in a clone of the settled repository ${ms(figures.logMs)}.`,
  ].join('\n\n')
}

function sizeTable({ unsettled, settled, plain }: HistoryFigures): string {
  return markdownTable(
    ['Repository', 'Size', 'Packs or files'],
    [
      ['as runs commit it', megabytes(unsettled.bytes), `${whole(unsettled.packs)} packs`],
      ['settled', megabytes(settled.bytes), `${whole(settled.packs)} packs`],
      ['plain git, as committed', megabytes(plain.loose.bytes), `${whole(plain.loose.files)} files`],
      ['plain git after `git gc`', megabytes(plain.packed.bytes), `${whole(plain.packed.files)} files`],
    ],
  )
}

function transferTable({ unsettled, settled, fetch, lateFetch }: HistoryFigures): string {
  const row = (name: string, { seconds: taken, requests, packs }: Transfer): string[] => [
    name,
    seconds(taken),
    whole(requests),
    whole(packs),
  ]
  return markdownTable(
    ['By git over HTTP', 'Time', 'Requests', 'Packs fetched'],
    [
      row('clone as runs commit it', unsettled.clone),
      row('clone of the settled repository', settled.clone),
      row('fetch after one more run', fetch),
      row('fetch after several runs and a settling', lateFetch),
    ],
  )
}

function questionTable(questions: readonly Answered[]): string {
  return markdownTable(
    ['Question', 'Calls', 'p50', 'p99', 'Table requests', 'Read units'],
    questions.map(({ name, count, p50, p99, reads, units }) => [
      name,
      whole(count),
      ms(p50),
      ms(p99),
      reads.toFixed(1),
      units.toFixed(1),
    ]),
  )
}
