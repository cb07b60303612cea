import { useSyncExternalStore } from 'react'

/**
 * The API token of this browser tab. In sessionStorage: it goes with the tab, and no other tab or later visitor has
 * it. A cookie would need a session on the server, which the API does not have.
 */
const key = 'netkeep-token'
const listeners = new Set<() => void>()

export const readToken = (): string | null => sessionStorage.getItem(key)

export function keepToken(token: string): void {
  sessionStorage.setItem(key, token)
  tellListeners()
}

export function forgetToken(): void {
  sessionStorage.removeItem(key)
  tellListeners()
}

function tellListeners(): void {
  for (const listener of listeners) listener()
}

export function useToken(): string | null {
  return useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, readToken)
}
