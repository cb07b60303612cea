import type * as z from 'zod'
import type { RestorePlan } from './routes.ts'

type Plan = z.input<typeof RestorePlan>

/** The plan as a page to print or to put into a ticket. */
export function markdownOf(plan: Plan): string {
  const { device, platform, from, to, proposal } = plan
  return [
    `# ${inline(device.name)}: back to version ${to.version}`,
    '',
    `${inline(platform.name)}. From version ${from.version} (${from.collected}) to version ${to.version} (${to.collected}).`,
    '',
    ...bullets(plan.notes),
    ...plan.ways.flatMap((way, index) => wayLines(way, index)),
    ...(plan.check.length === 0 ? [] : ['## Check', '', ...plan.check.map((one) => `- \`${one}\``), '']),
    '## Proposal: the lines that differ',
    '',
    ...(proposal.reason === null
      ? [
          `Computed from the two texts and tried on no device: ${proposal.removed} lines taken back, ${proposal.added} put in.`,
          '',
          ...fenced(proposal.lines),
          '',
        ]
      : [`None: ${proposal.reason}.`, '']),
    ...(proposal.careful.length === 0
      ? []
      : ['These may end your session:', '', ...fenced(proposal.careful.map((line) => line.trim())), '']),
    ...(plan.unsure.length === 0 ? [] : ['## Not known', '', ...bullets(plan.unsure)]),
    ...(plan.sources.length === 0 ? [] : ['## Sources', '', ...bullets(plan.sources)]),
  ]
    .join('\n')
    .replace(/\n+$/, '\n')
}

function wayLines(
  { name, result, reboot, steps, undo, dangers }: Plan['ways'][number],
  index: number,
): string[] {
  const effects = [
    result === 'exact' ? 'what is not in the file goes' : 'what is not in the file stays',
    reboot ? 'the device reboots' : 'no reboot',
  ]
  return [
    `## Way ${index + 1}: ${name}`,
    '',
    `${effects.join('; ')}.`,
    '',
    ...steps.map(({ text, typed }, at) => `${at + 1}. ${typed ? `\`${text}\`` : text}`),
    '',
    ...(undo.length === 0
      ? []
      : ['To undo:', '', ...undo.map(({ text, typed }) => `- ${typed ? `\`${text}\`` : text}`), '']),
    ...(dangers.length === 0 ? [] : ['Beware:', '', ...bullets(dangers)]),
  ]
}

const bullets = (texts: readonly string[]): string[] => [...texts.map((one) => `- ${one}`), '']

/** A fence longer than any in the text, so that no line of a configuration ends it. */
function fenced(lines: readonly string[]): string[] {
  const longest = Math.max(2, ...lines.map((line) => /^\s*(`*)/.exec(line)?.[1]?.length ?? 0))
  const fence = '`'.repeat(longest + 1)
  return [fence, ...lines, fence]
}

const inline = (text: string): string => text.replaceAll(/[\\`*_[\]<>#|]/g, String.raw`\$&`)
