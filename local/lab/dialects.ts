import type { Dialect } from './dialect.ts'
import { aristaEos } from './dialects/arista.ts'
import { arubaAoscx } from './dialects/aruba.ts'
import { ciscoAsa } from './dialects/cisco-asa.ts'
import { ciscoIos } from './dialects/cisco-ios.ts'
import { ciscoNxos } from './dialects/cisco-nxos.ts'
import { fortinet } from './dialects/fortinet.ts'
import { huaweiVrp } from './dialects/huawei.ts'
import { juniperJunos } from './dialects/juniper.ts'
import { mikrotikRouteros } from './dialects/mikrotik.ts'
import { vyos } from './dialects/vyos.ts'

export const dialects: readonly Dialect[] = [
  aristaEos,
  arubaAoscx,
  ciscoAsa,
  ciscoIos,
  ciscoNxos,
  fortinet,
  huaweiVrp,
  juniperJunos,
  mikrotikRouteros,
  vyos,
]
