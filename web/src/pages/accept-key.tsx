import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { postJson } from '../api.ts'
import { Dialog } from '../parts/dialog.tsx'
import type { Result } from '../types.ts'

/** A reason, as the API takes it. */
const reasonMax = 500

type HostKey = NonNullable<Result['host_key']>

/** Trusts the key that a device shows now: after an exchange of hardware, for example. */
export function AcceptKey({ device, hostKey }: { device: Result['device']; hostKey: HostKey }): ReactNode {
  const [isAsking, ask] = useState(false)
  const accept = useMutation({
    mutationFn: (reason: string) =>
      postJson(`/backups/devices/${device.id}/accept-host-key/`, { ...hostKey, reason }),
    onSuccess: () => ask(false),
  })
  if (accept.isSuccess) return <span role="status">Accepted: the next backup takes this key.</span>
  return (
    <>
      <button
        type="button"
        className="small"
        aria-label={`Accept the key of ${device.name}`}
        onClick={() => ask(true)}
      >
        Accept key
      </button>
      {isAsking ? (
        <Dialog
          title={`New key of ${device.name}`}
          action="Accept"
          reasonMax={reasonMax}
          isBusy={accept.isPending}
          error={accept.error}
          onConfirm={accept.mutate}
          onClose={() => ask(false)}
        >
          <p>
            From now on this key is trusted in place of those pinned before:{' '}
            <code>
              {hostKey.type} SHA256:{hostKey.sha256}
            </code>
            . If the device was not exchanged and its key not made anew, somebody may stand between.
          </p>
        </Dialog>
      ) : null}
    </>
  )
}
