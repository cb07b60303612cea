import type { LabDevice } from '../lab/device.ts'

/** The demo's network as data: sites, platforms, devices, and what is wrong with four of them. */
export const sites = [
  { name: 'Amsterdam', slug: 'ams' },
  { name: 'Berlin', slug: 'ber' },
  { name: 'Chicago', slug: 'chi' },
  { name: 'Denver lab', slug: 'den-lab' },
] as const

export const manufacturers = [
  'Cisco',
  'Arista',
  'Juniper',
  'Fortinet',
  'Huawei',
  'HPE Aruba',
  'MikroTik',
  'VyOS',
  'FRRouting',
] as const

export const roles = ['Core', 'Access', 'Firewall', 'Router'] as const

type Family = {
  platform: string
  driver: string
  manufacturer: (typeof manufacturers)[number]
  model: string
  role: (typeof roles)[number]
}

export const families = {
  ios: {
    platform: 'Cisco IOS',
    driver: 'cisco_ios',
    manufacturer: 'Cisco',
    model: 'C9200L-24P',
    role: 'Access',
  },
  nxos: {
    platform: 'Cisco NX-OS',
    driver: 'cisco_nxos',
    manufacturer: 'Cisco',
    model: 'N9K-C93180YC',
    role: 'Core',
  },
  asa: {
    platform: 'Cisco ASA',
    driver: 'cisco_asa',
    manufacturer: 'Cisco',
    model: 'ASA5516-X',
    role: 'Firewall',
  },
  eos: {
    platform: 'Arista EOS',
    driver: 'arista_eos',
    manufacturer: 'Arista',
    model: 'DCS-7050SX3',
    role: 'Core',
  },
  junos: {
    platform: 'Junos',
    driver: 'juniper_junos',
    manufacturer: 'Juniper',
    model: 'MX204',
    role: 'Router',
  },
  fortios: {
    platform: 'FortiOS',
    driver: 'fortinet',
    manufacturer: 'Fortinet',
    model: 'FG-100F',
    role: 'Firewall',
  },
  vrp: {
    platform: 'Huawei VRP',
    driver: 'huawei_vrp',
    manufacturer: 'Huawei',
    model: 'S5735-L',
    role: 'Access',
  },
  aoscx: {
    platform: 'AOS-CX',
    driver: 'aruba_aoscx',
    manufacturer: 'HPE Aruba',
    model: '6300M',
    role: 'Access',
  },
  routeros: {
    platform: 'RouterOS',
    driver: 'mikrotik_routeros',
    manufacturer: 'MikroTik',
    model: 'CCR2004',
    role: 'Router',
  },
  vyos: { platform: 'VyOS', driver: 'vyos', manufacturer: 'VyOS', model: 'VyOS', role: 'Router' },
  frr: { platform: 'FRRouting', driver: 'frr', manufacturer: 'FRRouting', model: 'FRR', role: 'Router' },
} as const satisfies Record<string, Family>

export type FamilyName = keyof typeof families

/** Two logins: most devices take the first, one takes only the second, one neither. */
export const logins = {
  tacacs: { username: 'netkeep', password: 'Harbour-Lamp-42' },
  local: { username: 'backup', password: 'Old-Garden-Gate-7' },
} as const

export const enableSecret = 'Quiet-River-9'

type DemoDevice = { site: (typeof sites)[number]['slug']; family: Exclude<FamilyName, 'frr'>; lab: LabDevice }

const healthy: readonly { site: DemoDevice['site']; family: DemoDevice['family']; count: number }[] = [
  { site: 'ams', family: 'nxos', count: 2 },
  { site: 'ams', family: 'ios', count: 4 },
  { site: 'ams', family: 'fortios', count: 1 },
  { site: 'ber', family: 'eos', count: 2 },
  { site: 'ber', family: 'aoscx', count: 3 },
  { site: 'ber', family: 'asa', count: 1 },
  { site: 'chi', family: 'junos', count: 2 },
  { site: 'chi', family: 'vrp', count: 3 },
  { site: 'chi', family: 'routeros', count: 2 },
  { site: 'den-lab', family: 'vyos', count: 2 },
]

/** Devices that show what a backup meets in the wild. */
const troubled: readonly DemoDevice[] = [
  { site: 'ams', family: 'ios', lab: device('ams', 'ios', 90, { fault: { kind: 'dead' } }) },
  {
    site: 'ber',
    family: 'aoscx',
    lab: device('ber', 'aoscx', 91, { logins: [{ username: 'netkeep', password: 'nobody knows' }] }),
  },
  { site: 'chi', family: 'ios', lab: device('chi', 'ios', 92, { logins: [logins.local] }) },
  { site: 'den-lab', family: 'ios', lab: device('den-lab', 'ios', 93, { pager: { lines: 24, pageMs: 60 } }) },
]

export const demoDevices: readonly DemoDevice[] = [
  ...healthy.flatMap(({ site, family, count }) =>
    Array.from({ length: count }, (_, index) => ({ site, family, lab: device(site, family, index + 1) })),
  ),
  ...troubled,
]

function device(site: string, family: FamilyName, index: number, over: Partial<LabDevice> = {}): LabDevice {
  return {
    name: `${site}-${family}-${String(index).padStart(2, '0')}`,
    deviceType: families[family].driver,
    logins: [logins.tacacs],
    enableSecret,
    responseMs: 30,
    index,
    ...over,
  }
}
