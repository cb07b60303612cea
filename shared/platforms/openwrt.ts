import { shellRefusals } from './common-lines.ts'
import type { Platform } from './definition.ts'

export const openwrt: Platform = {
  id: 'openwrt',
  name: 'OpenWrt',
  sources: ['OpenWrt user guide: UCI, uci export'],
  prompt: /^(?:\[?[\w.+-]{1,64}@[\w.-]{1,64}[: ].{0,100}|[\w.-]{0,64})[#$]$/,
  onOpen: [],
  onClose: [{ send: 'exit' }],
  pagers: [],
  captures: {
    running: {
      command: "uci export && echo '# end of' configuration",
      complete: { lastLine: /^# end of configuration$/ },
    },
    os: { command: 'cat /etc/openwrt_release' },
    model: { command: 'cat /tmp/sysinfo/model' },
  },
  facts: [
    { of: 'os', pattern: /^DISTRIB_RELEASE='?(?<version>[^'\n]{1,30})/ },
    { of: 'model', pattern: /^(?<model>\S[^\n]{1,60})$/ },
    { of: 'running', pattern: /^\toption hostname '(?<hostname>[\w.-]{1,64})'/ },
  ],
  identify: { greeting: /O P E N W R T|OpenWrt \d/ },
  rejections: [...shellRefusals],
  volatile: [],
  secrets: [
    /^\t(?:option|list) (?:key\d?|password|psk|auth_secret|acct_secret|private_key|preshared_key|wpakey|sae_password|community) '(?<secret>[^'\n]{1,512})'/,
  ],
}
