import { lessPagers, shellRefusals } from './common-lines.ts'
import type { Platform } from './definition.ts'

export const ovsLinux: Platform = {
  id: 'ovs_linux',
  name: 'Open vSwitch on Linux',
  sources: ['ovs-vsctl(8), ovs-ofctl(8)', 'Netmiko 4.6.0, facts of the driver OvsLinuxSSH'],
  prompt: /^(?:\[?[\w.+-]{1,64}@[\w.-]{1,64}[: ].{0,100}|[\w.-]{0,64})[#$]$/,
  onOpen: [],
  onClose: [{ send: 'exit' }],
  pagers: [...lessPagers],
  captures: {
    running: {
      command: "export PATH=$PATH:/usr/sbin:/sbin; ovs-vsctl show && echo '# end of' configuration",
      complete: { lastLine: /^# end of configuration$/ },
    },
    os: { command: 'ovs-vsctl --version' },
  },
  facts: [
    { of: 'os', pattern: /\(Open vSwitch\) (?<version>\S{1,20})/ },
    { of: 'prompt', pattern: /@(?<hostname>[\w-]{1,64})/ },
  ],
  rejections: [...shellRefusals, /^ovs-vsctl: /],
  volatile: [],
  secrets: [],
}
