import { cliRefusals, morePagers } from './common-lines.ts'
import type { Platform } from './definition.ts'

export const watchguardFireware: Platform = {
  id: 'watchguard_fireware',
  name: 'WatchGuard Fireware',
  sources: [
    'Fireware Command Line Interface Reference: export config to console, show sysinfo',
    'Netmiko 4.6.0, facts of the driver WatchguardFirewareSSH',
    'Oxidized 0.37, facts of the model firewareos',
  ],
  prompt: /^(?:\[\w{1,20}\])?[\w.-]{1,40}(?:<[\w-]{1,20}>)?(?:\([\w/-]{1,40}\))?[#>]$/,
  onOpen: [],
  onClose: [{ send: 'exit' }],
  pagers: [
    { prompt: /^I have read and accept the Logon Disclaimer message\. \(yes or no\)\?$/, reply: 'yes\n' },
    ...morePagers,
  ],
  captures: {
    running: { command: 'export config to console', complete: { lastLine: /^<\/profile>$/ } },
    serial: { command: 'show sysinfo' },
    os: { command: 'show sysinfo' },
  },
  facts: [
    { of: 'os', pattern: /^ {0,4}(?:Version|version) {0,20}: ?(?<version>\S{1,30})/ },
    { of: 'os', pattern: /^ {0,4}[Ss]erial [Nn]umber {0,20}: ?(?<serial>\S{1,30})/ },
    { of: 'os', pattern: /^ {0,4}[Mm]odel {0,20}: ?(?<model>\S{1,30})/ },
  ],
  rejections: [...cliRefusals, /^% ?(?:Invalid|Unrecognized)/],
  volatile: [/^ {0,16}<(?:timestamp|last-modified|for-version-build)>/],
  secrets: [],
}
