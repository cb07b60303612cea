import type { ReadyRule } from './check-device.ts'
import type { Exception } from './current.ts'
import { outcomeMarks, type DeviceCompliance, type NewFailure, type RuleList } from './records.ts'

/** Told with one device; the report has the rest. */
const toldMax = 20

/**
 * Rules that a device fails now and did not fail when it was evaluated last. Nothing is new of a device that is
 * evaluated for the first time, nor of a rule that it is asked for the first time: that is no change of the device.
 */
export async function newFailuresOf(
  {
    rules,
    readList,
    exceptionOf,
  }: {
    rules: readonly ReadyRule[]
    readList: (hash: string) => Promise<RuleList | undefined>
    exceptionOf: (rule: number, device: number) => Exception | undefined
  },
  { before, item }: { before: DeviceCompliance | undefined; item: DeviceCompliance },
): Promise<NewFailure[]> {
  if (before === undefined || !item.outcomes.includes(outcomeMarks.failed)) return []
  const list = await readList(before.rules)
  const former = new Map(list?.rules.map(([id], index) => [id, before.outcomes[index]]))
  const failed = rules.filter(({ row }, index) => {
    const was = former.get(row.id)
    const isNew = was !== undefined && was !== outcomeMarks.failed && was !== outcomeMarks.not_chosen
    return (
      isNew &&
      item.outcomes[index] === outcomeMarks.failed &&
      exceptionOf(row.id, item.deviceId) === undefined
    )
  })
  return failed.slice(0, toldMax).map(({ row: { id, name, severity } }) => ({
    rule: id,
    name,
    severity,
    ...(item.findings[String(id)] ?? { number: null, text: '', missing: true }),
  }))
}
