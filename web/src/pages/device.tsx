import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { getJson } from '../api.ts'
import { Answer } from '../parts/answer.tsx'
import { BackUpButton } from '../parts/back-up-button.tsx'
import { Facts } from '../parts/facts.tsx'
import { Heading } from '../parts/heading.tsx'
import { Status } from '../parts/status.tsx'
import { paths } from '../paths.ts'
import type { Device } from '../types.ts'
import { DeviceBackup } from './device-backup.tsx'
import { DeviceComplianceSection } from './device-compliance.tsx'
import { DeviceVersions } from './device-versions.tsx'
import { RecordButton } from './record-session.tsx'

export function DevicePage({ id }: { id: string }): ReactNode {
  const device = useQuery({
    queryKey: ['device', id],
    queryFn: () => getJson<Device>(`/dcim/devices/${id}/`),
  })
  return (
    <>
      <p className="trail">
        <Link href={paths.devices}>Devices</Link>
      </p>
      <Heading title={device.data?.name ?? 'Device'}>
        {device.data === undefined ? null : (
          <div className="buttons">
            <Status value={device.data.status.value} label={device.data.status.label} />
            <BackUpButton label="Back up now" findDevices={async () => [Number(id)]} />
            <RecordButton device={device.data} />
          </div>
        )}
      </Heading>
      <Answer query={device} what="This device">
        {(data) => <DeviceFacts device={data} />}
      </Answer>
      <DeviceBackup id={id} />
      <DeviceComplianceSection id={id} />
      <DeviceVersions id={id} />
    </>
  )
}

function DeviceFacts({ device }: { device: Device }): ReactNode {
  return (
    <Facts
      facts={{
        Site: device.site.display,
        Role: device.role.display,
        Type: device.device_type.display,
        Platform: device.platform?.display ?? '–',
        Address: `${device.management_address ?? '–'}, port ${device.management_port}`,
        Serial: device.serial === '' ? '–' : device.serial,
      }}
    />
  )
}
