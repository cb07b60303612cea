import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/**
 * Cost of one hash: 32 MiB and about 0.1 s on a laptop, a third of a second in a Lambda of 512 MB.
 * https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#scrypt
 */
const cost = { N: 2 ** 15, r: 8, p: 3 }
const hashBytes = 32
const saltBytes = 16
/** Node refuses more than this; scrypt needs 128 · N · r bytes and a little. */
const maxmem = 64 * 1024 * 1024

/** Shortest password; NIST SP 800-63B asks for length instead of kinds of characters. */
export const passwordLengthMin = 12

/** A text such as `$scrypt$ln=15,r=8,p=3$<salt>$<hash>`, as the PHC string format has it. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes)
  const hash = await derive(password, salt, cost)
  const { N, r, p } = cost
  return `$scrypt$ln=${Math.log2(N)},r=${r},p=${p}$${base64(salt)}$${base64(hash)}`
}

/**
 * Whether the password is the one that was hashed. Without a hash (no such user, or one without a password) the same
 * work is done and the answer is no, so that the time tells nothing.
 */
export async function isPassword(password: string, stored: string | undefined): Promise<boolean> {
  const parsed = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(stored ?? '')
  if (parsed === null) {
    await derive(password, randomBytes(saltBytes), cost)
    return false
  }
  const [, ln, r, p, salt = '', hash = ''] = parsed
  const expected = Buffer.from(hash, 'base64')
  const given = await derive(password, Buffer.from(salt, 'base64'), {
    N: 2 ** Number(ln),
    r: Number(r),
    p: Number(p),
  })
  return expected.length === given.length && timingSafeEqual(expected, given)
}

/** The same password typed on two systems may be composed differently: NFKC, as NIST has it. */
function derive(password: string, salt: Buffer, cost: { N: number; r: number; p: number }): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, hashBytes, { ...cost, maxmem }, (error, hash) => {
      if (error === null) resolve(hash)
      else reject(error)
    })
  })
}

const base64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '')
