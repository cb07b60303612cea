import type { Platform } from './definition.ts'
import { a10 } from './a10.ts'
import { accedian } from './accedian.ts'
import { adtranOs } from './adtran_os.ts'
import { advaFsp150f2 } from './adva_fsp150f2.ts'
import { advaFsp150f3 } from './adva_fsp150f3.ts'
import { alaxalaAx36s } from './alaxala_ax36s.ts'
import { alcatelAos } from './alcatel_aos.ts'
import { alliedTelesisAwplus } from './allied_telesis_awplus.ts'
import { apresiaAeos } from './apresia_aeos.ts'
import { aristaEos } from './arista_eos.ts'
import { arrisCer } from './arris_cer.ts'
import { arubaAoscx } from './aruba_aoscx.ts'
import { arubaInstant } from './aruba_instant.ts'
import { arubaOs } from './aruba_os.ts'
import { asterfusionAsternos } from './asterfusion_asternos.ts'
import { audiocode66 } from './audiocode_66.ts'
import { audiocode72 } from './audiocode_72.ts'
import { audiocodeShell } from './audiocode_shell.ts'
import { bintecBoss } from './bintec_boss.ts'
import { broadcomIcos } from './broadcom_icos.ts'
import { brocadeFos } from './brocade_fos.ts'
import { calixB6 } from './calix_b6.ts'
import { casaCmts } from './casa_cmts.ts'
import { cdotCros } from './cdot_cros.ts'
import { centecOs } from './centec_os.ts'
import { checkpointGaia } from './checkpoint_gaia.ts'
import { cienaSaos } from './ciena_saos.ts'
import { cienaSaos10 } from './ciena_saos10.ts'
import { cienaWaveserver } from './ciena_waveserver.ts'
import { ciscoApic } from './cisco_apic.ts'
import { ciscoAsa } from './cisco_asa.ts'
import { ciscoFtd } from './cisco_ftd.ts'
import { ciscoIos } from './cisco_ios.ts'
import { ciscoNxos } from './cisco_nxos.ts'
import { ciscoS200 } from './cisco_s200.ts'
import { ciscoS300 } from './cisco_s300.ts'
import { ciscoViptela } from './cisco_viptela.ts'
import { ciscoWlc } from './cisco_wlc.ts'
import { ciscoXe } from './cisco_xe.ts'
import { ciscoXr } from './cisco_xr.ts'
import { coriant } from './coriant.ts'
import { cumulusLinux } from './cumulus_linux.ts'
import { dellForce10 } from './dell_force10.ts'
import { dellOs10 } from './dell_os10.ts'
import { dellOs6 } from './dell_os6.ts'
import { dellPowerconnect } from './dell_powerconnect.ts'
import { dellSonic } from './dell_sonic.ts'
import { digiTransport } from './digi_transport.ts'
import { dlinkDs } from './dlink_ds.ts'
import { edgecoreSonic } from './edgecore_sonic.ts'
import { eltex } from './eltex.ts'
import { eltexEsr } from './eltex_esr.ts'
import { endace } from './endace.ts'
import { enterasys } from './enterasys.ts'
import { ericssonIpos } from './ericsson_ipos.ts'
import { extremeErs } from './extreme_ers.ts'
import { extremeExos } from './extreme_exos.ts'
import { extremeNetiron } from './extreme_netiron.ts'
import { extremeNos } from './extreme_nos.ts'
import { extremeSlx } from './extreme_slx.ts'
import { extremeTierra } from './extreme_tierra.ts'
import { extremeVsp } from './extreme_vsp.ts'
import { extremeWing } from './extreme_wing.ts'
import { f5Linux } from './f5_linux.ts'
import { f5Tmsh } from './f5_tmsh.ts'
import { fiberstoreFsos } from './fiberstore_fsos.ts'
import { fiberstoreFsosv2 } from './fiberstore_fsosv2.ts'
import { fiberstoreNetworkos } from './fiberstore_networkos.ts'
import { flexvnf } from './flexvnf.ts'
import { fortinet } from './fortinet.ts'
import { frr } from './frr.ts'
import { garderosGrs } from './garderos_grs.ts'
import { generic } from './generic.ts'
import { hillstoneStoneos } from './hillstone_stoneos.ts'
import { hpComware } from './hp_comware.ts'
import { hpProcurve } from './hp_procurve.ts'
import { huaweiSmartax } from './huawei_smartax.ts'
import { huaweiVrp } from './huawei_vrp.ts'
import { infineraPacket } from './infinera_packet.ts'
import { ipinfusionOcnos } from './ipinfusion_ocnos.ts'
import { juniperJunos } from './juniper_junos.ts'
import { juniperScreenos } from './juniper_screenos.ts'
import { keymileNos } from './keymile_nos.ts'
import { lancomLcossx4 } from './lancom_lcossx4.ts'
import { linux } from './linux.ts'
import { maipu } from './maipu.ts'
import { mellanoxMlnxos } from './mellanox_mlnxos.ts'
import { mikrotikRouteros } from './mikrotik_routeros.ts'
import { mrvLx } from './mrv_lx.ts'
import { mrvOptiswitch } from './mrv_optiswitch.ts'
import { necIx } from './nec_ix.ts'
import { netgateTnsr } from './netgate_tnsr.ts'
import { netgearProsafe } from './netgear_prosafe.ts'
import { netscaler } from './netscaler.ts'
import { nokiaSrl } from './nokia_srl.ts'
import { nokiaSros } from './nokia_sros.ts'
import { oneaccessOneos } from './oneaccess_oneos.ts'
import { openwrt } from './openwrt.ts'
import { opnsense } from './opnsense.ts'
import { optilinkEolt9702 } from './optilink_eolt9702.ts'
import { ovsLinux } from './ovs_linux.ts'
import { paloaltoPanos } from './paloalto_panos.ts'
import { pfsense } from './pfsense.ts'
import { pluribus } from './pluribus.ts'
import { quantaMesh } from './quanta_mesh.ts'
import { radEtx } from './rad_etx.ts'
import { raisecomRoap } from './raisecom_roap.ts'
import { ruckusFastiron } from './ruckus_fastiron.ts'
import { ruijieOs } from './ruijie_os.ts'
import { silverpeakVxoa } from './silverpeak_vxoa.ts'
import { sixwindOs } from './sixwind_os.ts'
import { sonicwallSonicos } from './sonicwall_sonicos.ts'
import { supermicroSmis } from './supermicro_smis.ts'
import { telcosystemsBinos } from './telcosystems_binos.ts'
import { teldatCit } from './teldat_cit.ts'
import { tplinkJetstream } from './tplink_jetstream.ts'
import { ubiquitiEdgerouter } from './ubiquiti_edgerouter.ts'
import { ubiquitiEdgeswitch } from './ubiquiti_edgeswitch.ts'
import { ubiquitiUnifiswitch } from './ubiquiti_unifiswitch.ts'
import { vyos } from './vyos.ts'
import { watchguardFireware } from './watchguard_fireware.ts'
import { yamaha } from './yamaha.ts'
import { zteZxros } from './zte_zxros.ts'
import { zyxelOs } from './zyxel_os.ts'

/** Every platform there is; everything else about platforms derives from this list. */
export const platforms: readonly Platform[] = [
  a10,
  accedian,
  adtranOs,
  advaFsp150f2,
  advaFsp150f3,
  alaxalaAx36s,
  alcatelAos,
  alliedTelesisAwplus,
  apresiaAeos,
  aristaEos,
  arrisCer,
  arubaAoscx,
  arubaInstant,
  arubaOs,
  asterfusionAsternos,
  audiocode66,
  audiocode72,
  audiocodeShell,
  bintecBoss,
  broadcomIcos,
  brocadeFos,
  calixB6,
  casaCmts,
  cdotCros,
  centecOs,
  checkpointGaia,
  cienaSaos,
  cienaSaos10,
  cienaWaveserver,
  ciscoApic,
  ciscoAsa,
  ciscoFtd,
  ciscoIos,
  ciscoNxos,
  ciscoS200,
  ciscoS300,
  ciscoViptela,
  ciscoWlc,
  ciscoXe,
  ciscoXr,
  coriant,
  cumulusLinux,
  dellForce10,
  dellOs10,
  dellOs6,
  dellPowerconnect,
  dellSonic,
  digiTransport,
  dlinkDs,
  edgecoreSonic,
  eltex,
  eltexEsr,
  endace,
  enterasys,
  ericssonIpos,
  extremeErs,
  extremeExos,
  extremeNetiron,
  extremeNos,
  extremeSlx,
  extremeTierra,
  extremeVsp,
  extremeWing,
  f5Linux,
  f5Tmsh,
  fiberstoreFsos,
  fiberstoreFsosv2,
  fiberstoreNetworkos,
  flexvnf,
  fortinet,
  frr,
  garderosGrs,
  generic,
  hillstoneStoneos,
  hpComware,
  hpProcurve,
  huaweiSmartax,
  huaweiVrp,
  infineraPacket,
  ipinfusionOcnos,
  juniperJunos,
  juniperScreenos,
  keymileNos,
  lancomLcossx4,
  linux,
  maipu,
  mellanoxMlnxos,
  mikrotikRouteros,
  mrvLx,
  mrvOptiswitch,
  necIx,
  netgateTnsr,
  netgearProsafe,
  netscaler,
  nokiaSrl,
  nokiaSros,
  oneaccessOneos,
  openwrt,
  opnsense,
  optilinkEolt9702,
  ovsLinux,
  paloaltoPanos,
  pfsense,
  pluribus,
  quantaMesh,
  radEtx,
  raisecomRoap,
  ruckusFastiron,
  ruijieOs,
  silverpeakVxoa,
  sixwindOs,
  sonicwallSonicos,
  supermicroSmis,
  telcosystemsBinos,
  teldatCit,
  tplinkJetstream,
  ubiquitiEdgerouter,
  ubiquitiEdgeswitch,
  ubiquitiUnifiswitch,
  vyos,
  watchguardFireware,
  yamaha,
  zteZxros,
  zyxelOs,
]
