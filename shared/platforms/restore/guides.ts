import { aireos, asa, ios, nxos, xr } from './cisco.ts'
import { configXml, f5, fortios, panos } from './firewalls.ts'
import type { RestoreGuide } from './guide.ts'
import { frr, junos, routeros, sros, srlinux, vyos } from './routers.ts'
import { aoscx, comware, eos, exos, procurve, vrp } from './switches.ts'

/** By the id of the platform. Of the others no manual was read: the plan says so. */
export const restoreGuides: Readonly<Record<string, RestoreGuide>> = {
  cisco_ios: ios,
  cisco_xe: ios,
  cisco_xr: xr,
  cisco_nxos: nxos,
  cisco_asa: asa,
  cisco_wlc: aireos,
  arista_eos: eos,
  juniper_junos: junos,
  fortinet: fortios,
  paloalto_panos: panos,
  huawei_vrp: vrp,
  hp_comware: comware,
  mikrotik_routeros: routeros,
  nokia_sros: sros,
  nokia_srl: srlinux,
  aruba_aoscx: aoscx,
  hp_procurve: procurve,
  extreme_exos: exos,
  vyos,
  ubiquiti_edgerouter: vyos,
  f5_tmsh: f5,
  f5_linux: f5,
  frr,
  pfsense: configXml,
  opnsense: configXml,
}
