import { dcimArea } from '../../shared/dcim/area.ts'
import { AppError } from '../../shared/errors.ts'
import { freePositions, freeUnits } from '../../shared/dcim/elevation.ts'
import { networkInterface } from '../../shared/dcim/models/interface.ts'
import { rack } from '../../shared/dcim/models/rack.ts'
import { readRack } from '../../shared/dcim/read-rack.ts'
import { drawElevation, listElevation, type ElevationCall } from '../../shared/dcim/show-elevation.ts'
import { urlOf } from '../../shared/model/output.ts'
import { getRow, noRow } from '../../shared/model/records.ts'
import { httpLambda } from '../lib/http.ts'

export const handler = httpLambda(dcimArea, (deps) => {
  const elevation = async ({ params, query, request }: Omit<ElevationCall, 'engine'>) => {
    const call = { engine: deps.engine, params, query, request }
    return query.render === 'svg' ? drawElevation(call) : listElevation(call)
  }
  return {
    rackElevation: elevation,
    rackUnits: elevation,
    rackFreeUnits: async ({ params, query, request }) => {
      const { row, frame, devices } = await readRack(deps.engine, params.id)
      const { height, face, full_depth } = query
      return {
        rack: { id: row.id, url: urlOf(request.links, rack, row.id), display: row.name, name: row.name },
        u_height: row.u_height,
        free_units: freeUnits(frame, devices),
        height,
        face,
        full_depth,
        positions: freePositions(frame, devices, { height, face, isFullDepth: full_depth }),
      }
    },
    traceInterface: async ({ params }) => {
      const found = await getRow(deps.engine, networkInterface, params.id)
      if (found === undefined) throw new AppError('not_found', noRow(networkInterface, params.id))
      return []
    },
  }
})
