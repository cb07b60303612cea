import { buildLines, cliRefusals, enableBlank, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'
import { lineSecrets } from './line-secrets.ts'

export const arubaInstant: Platform = {
  id: 'aruba_instant',
  name: 'Aruba Instant',
  sources: ['Aruba Instant CLI Reference Guide: no paging, show running-config, show version'],
  unsure: ['whether every release prints an end after its last line: the prompt is asked for twice instead'],
  prompt: /^[\w:.@-]{1,64}(?: \([\w -]{1,40}\))? ?[#>]$/,
  enter: '\r',
  privilege: enableBlank,
  onOpen: [{ send: 'no paging', optional: true }],
  onClose: [{ send: 'exit' }],
  pagers: [...morePagers],
  captures: {
    running: {
      command: 'show running-config',
      alternatives: ['show running-config no-encrypt'],
      complete: { contains: [/^(?:version |virtual-controller|organization|hostname |syslog-level|name )/] },
    },
    serial: { command: 'show activate status' },
    os: { command: 'show version' },
  },
  facts: [
    { of: 'serial', pattern: /^IAP Serial Number {1,12}: ?(?<serial>\S{1,40})/ },
    { of: 'os', pattern: /\(MODEL: (?<model>[^)\n]{1,40})\), Version (?<version>\S{1,40})/ },
    { of: 'prompt', pattern: /^\(?(?<hostname>[\w.-]{1,64})/ },
  ],
  rejections: [...cliRefusals],
  volatile: [...buildLines],
  secrets: [...lineSecrets, /^mgmt-user \S{1,64} (?<secret>\S{8,256})/],
}
