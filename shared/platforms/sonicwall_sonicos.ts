import { cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const sonicwallSonicos: Platform = {
  id: 'sonicwall_sonicos',
  name: 'SonicWall SonicOS',
  sources: ['SonicOS CLI Reference Guide: no cli pager session, show current-config, show version'],
  unsure: ['whether every release prints an end after its last line: the prompt is asked for twice instead'],
  prompt: /^[\w.-]{1,64}@[\w.-]{1,64}(?:\([\w-]{1,40}\))?[>#]$/,
  onOpen: [{ send: 'no cli pager session', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show current-config',
      complete: {
        contains: [/^(?:firmware-version|rom-version|model|serial-number|administration|interface) /],
      },
    },
    serial: { command: 'show version' },
    os: { command: 'show version' },
  },
  facts: [
    {
      of: 'os',
      pattern:
        /^(?:firmware-version|Firmware Version:?) "?(?:SonicOS )?(?:Enhanced )?(?<version>[^"\n]{1,60})/,
    },
    { of: 'os', pattern: /^(?:serial-number|Serial Number:?) {1,8}(?<serial>\S{1,40})/ },
    { of: 'os', pattern: /^(?:model|Model:?) {1,8}"?(?<model>[^"\n]{1,40})/ },
    { of: 'prompt', pattern: /@(?<hostname>[\w.-]{1,64}?)[>#(]/ },
  ],
  rejections: [...cliRefusals, /^% ?(?:Error|Command)/],
  volatile: [/^system-(?:time|uptime) /, /^last-modified-by /],
  secrets: [...lineSecrets, /^ {2,16}(?:get|trap|set)-community-name "?(?<secret>[^\s"]{1,128})/],
}
