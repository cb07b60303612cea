import type { CfnTemplate, StackTemplate } from './assembly.ts'
import { Unresolvable } from './problems.ts'

export type Pseudo = { region: string; account: string }

/** What `Ref` and `Fn::GetAtt` of a resource give. */
export type Identify = (
  stack: string,
  logicalId: string,
) => { ref: string; attributes: Record<string, string> }

/** A chain of references longer than this is a circle. */
const depthMax = 64

type Scope = { stack: string; template: CfnTemplate; depth: number }

/** Replaces the intrinsics of all stacks of one app by concrete values. */
export class Resolver {
  readonly #templates: Map<string, CfnTemplate>
  readonly #pseudo: Pseudo
  readonly #identify: Identify

  constructor(stacks: readonly StackTemplate[], pseudo: Pseudo, identify: Identify) {
    this.#templates = new Map(stacks.map(({ stack, template }) => [stack, template]))
    this.#pseudo = pseudo
    this.#identify = identify
  }

  /** The value with every intrinsic replaced; undefined where it is `AWS::NoValue`. @throws Unresolvable */
  resolve(stack: string, value: unknown): unknown {
    return this.#resolve(this.#scope(stack), value)
  }

  /** Whether a named condition of the stack holds. @throws Unresolvable */
  holds(stack: string, condition: string): boolean {
    return this.#named(this.#scope(stack), condition)
  }

  #scope(stack: string, depth = 0): Scope {
    const template = this.#templates.get(stack)
    if (template === undefined) throw new Unresolvable(`there is no stack ${stack}`)
    return { stack, template, depth }
  }

  #resolve(scope: Scope, value: unknown): unknown {
    if (scope.depth > depthMax) throw new Unresolvable('references go round in a circle')
    if (Array.isArray(value))
      return value.map((item) => this.#resolve(scope, item)).filter((item) => item !== undefined)
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value)
    const [name, argument] = entries.length === 1 ? (entries[0] ?? []) : []
    if (name === 'Ref') return this.#reference(scope, String(argument))
    if (name?.startsWith('Fn::') === true)
      return this.#intrinsic({ ...scope, depth: scope.depth + 1 }, name, argument)
    const resolved = entries.map(([key, item]) => [key, this.#resolve(scope, item)] as const)
    return Object.fromEntries(resolved.filter(([, item]) => item !== undefined))
  }

  #intrinsic(scope: Scope, name: string, argument: unknown): unknown {
    switch (name) {
      case 'Fn::GetAtt':
        return this.#attribute(scope, Array.isArray(argument) ? argument.map(text).join('.') : text(argument))
      case 'Fn::Sub':
        return this.#substitute(scope, argument)
      case 'Fn::Join': {
        const [separator, items] = list(argument)
        return list(this.#resolve(scope, items)).map(text).join(text(separator))
      }
      case 'Fn::Select':
        return this.#selected(scope, argument)
      case 'Fn::Split': {
        const [separator, from] = list(argument)
        return text(this.#resolve(scope, from)).split(text(separator))
      }
      case 'Fn::If': {
        const [condition, then, otherwise] = list(argument)
        return this.#resolve(scope, this.#named(scope, text(condition)) ? then : otherwise)
      }
      case 'Fn::FindInMap':
        return this.#fromMap(scope, argument)
      case 'Fn::ImportValue':
        return this.#import(scope, argument)
      case 'Fn::Base64':
        return Buffer.from(text(this.#resolve(scope, argument))).toString('base64')
      case 'Fn::ToJsonString':
        return JSON.stringify(this.#resolve(scope, argument))
      default:
        throw new Unresolvable(`${name} is not supported`)
    }
  }

  #reference(scope: Scope, name: string): unknown {
    if (name === 'AWS::NoValue') return undefined
    const { region, account } = this.#pseudo
    const pseudoParameters: Record<string, unknown> = {
      'AWS::Region': region,
      'AWS::AccountId': account,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': scope.stack,
      'AWS::StackId': `arn:aws:cloudformation:${region}:${account}:stack/${scope.stack}/local`,
    }
    if (name in pseudoParameters) return pseudoParameters[name]
    const parameter = scope.template.Parameters[name]
    if (parameter === undefined) {
      if (!(name in scope.template.Resources)) throw new Unresolvable(`Ref to ${name}, which does not exist`)
      return this.#identify(scope.stack, name).ref
    }
    if (parameter.Type.startsWith('AWS::SSM::'))
      throw new Unresolvable(`parameter ${name} reads the SSM parameter store, which is not hosted`)
    if (parameter.Default === undefined) throw new Unresolvable(`parameter ${name} has no default`)
    return parameter.Default
  }

  #attribute(scope: Scope, path: string): string {
    const dot = path.indexOf('.')
    const [logicalId, name] = [path.slice(0, dot), path.slice(dot + 1)]
    const resource = scope.template.Resources[logicalId]
    if (resource === undefined) throw new Unresolvable(`Fn::GetAtt of ${path}, which does not exist`)
    const value = this.#identify(scope.stack, logicalId).attributes[name]
    if (value === undefined) throw new Unresolvable(`Fn::GetAtt ${path} (${resource.Type}) is not known here`)
    return value
  }

  #substitute(scope: Scope, argument: unknown): string {
    const [pattern, own] = Array.isArray(argument) ? argument : [argument, {}]
    const values = this.#resolve(scope, own) as Record<string, unknown>
    return text(pattern).replace(/\$\{(!?)([^}]+)\}/g, (whole: string, literal: string, name: string) => {
      if (literal === '!') return whole.replace('!', '')
      const key = name.trim()
      if (key in values) return text(values[key])
      return key.includes('.') ? this.#attribute(scope, key) : text(this.#reference(scope, key))
    })
  }

  #import(scope: Scope, argument: unknown): unknown {
    const name = text(this.#resolve(scope, argument))
    for (const [stack, template] of this.#templates) {
      const exporting = this.#scope(stack, scope.depth + 1)
      const output = Object.values(template.Outputs).find(
        ({ Export }) => Export !== undefined && this.#resolve(exporting, Export.Name) === name,
      )
      if (output !== undefined) return this.#resolve(exporting, output.Value)
    }
    throw new Unresolvable(`no stack exports ${name}`)
  }

  #fromMap(scope: Scope, argument: unknown): unknown {
    const [map = '', first = '', second = ''] = list(this.#resolve(scope, argument)).map(text)
    const value = scope.template.Mappings[map]?.[first]?.[second]
    if (value === undefined) throw new Unresolvable(`mapping ${map}.${first}.${second} does not exist`)
    return value
  }

  #selected(scope: Scope, argument: unknown): unknown {
    const [index, from] = list(argument)
    const value = list(this.#resolve(scope, from))[Number(this.#resolve(scope, index))]
    if (value === undefined) throw new Unresolvable(`Fn::Select ${String(index)} is outside its list`)
    return value
  }

  #named(scope: Scope, name: string): boolean {
    if (!(name in scope.template.Conditions)) throw new Unresolvable(`condition ${name} does not exist`)
    return this.#condition(scope, scope.template.Conditions[name])
  }

  #condition(outer: Scope, value: unknown): boolean {
    if (outer.depth > depthMax) throw new Unresolvable('conditions go round in a circle')
    const scope = { ...outer, depth: outer.depth + 1 }
    const [name, argument] = soleEntry(value)
    const operands = (): boolean[] => list(argument).map((operand) => this.#condition(scope, operand))
    switch (name) {
      case 'Condition':
        return this.#named(scope, text(argument))
      case 'Fn::Equals': {
        const [left, right] = list(argument).map((operand) => this.#resolve(scope, operand))
        return left === right
      }
      case 'Fn::Not':
        return !operands()[0]
      case 'Fn::And':
        return operands().every(Boolean)
      case 'Fn::Or':
        return operands().some(Boolean)
      default:
        throw new Unresolvable(`${name} in a condition is not supported`)
    }
  }
}

function text(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new Unresolvable(`text was expected, found ${JSON.stringify(value)}`)
}

function list(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  throw new Unresolvable(`a list was expected, found ${JSON.stringify(value)}`)
}

function soleEntry(value: unknown): [string, unknown] {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : []
  const [entry] = entries
  if (entry === undefined || entries.length !== 1)
    throw new Unresolvable('a condition has exactly one function')
  return entry
}
