/**
 * Which operations of the API a page can reach, and behind which permissions, read from the sources: from the page's
 * default export along whatever it mentions, through `<Allowed to>` and conditions with `can(…)`.
 */
import ts from 'typescript'

export interface Reached {
  /** Such as `GET /v1/admin/jobs`. */
  operation: string
  /** The permissions of the conditions around it. */
  guards: string[]
}

// Only the app's own files: what packages export is nothing that calls the API.
const config = ts.readConfigFile('tsconfig.json', (path) => ts.sys.readFile(path))
const { options, fileNames } = ts.parseJsonConfigFileContent(
  { ...(config.config as object), include: ['src'] },
  ts.sys,
  ts.sys.getCurrentDirectory(),
  { noLib: true, types: [] },
)
const host = ts.createCompilerHost(options, true)
host.resolveModuleNameLiterals = (names, from) =>
  names.map(({ text }) =>
    /^(\.|@\/)/.test(text) ? ts.resolveModuleName(text, from, options, host) : { resolvedModule: undefined },
  )
const program = ts.createProgram(fileNames, options, host)
const checker = program.getTypeChecker()
const generated = '/src/api/generated/'

/** The operations by the names of the client's functions. */
const client = sourceOf('src/api/generated/sdk.gen.ts').text
const operations = new Map(
  [...client.matchAll(/export const (\w+) = [^;]*?\.(get|put|post|delete)<[^;]*?url: '([^']+)'/g)].map(
    ([, name = '', method = '', url = '']) => [name, shapeOf(`${method.toUpperCase()} ${url}`)],
  ),
)
const known = new Set(operations.values())

/** Whatever the parameters of a path are called. */
export function shapeOf(operation: string): string {
  return operation.replace(/\$?\{[^}]*\}/g, '{}')
}

function sourceOf(file: string): ts.SourceFile {
  const source = program.getSourceFile(ts.sys.resolvePath(file))
  if (!source) throw new Error(`${file} is no source of the app`)
  return source
}

/** What the default export of a file reaches. */
export function reachedFrom(file: string): Reached[] {
  const found = new Map<string, Reached>()
  const seen = new Set<string>()

  function visit(node: ts.Node, guards: readonly string[]): void {
    const walk = (child: ts.Node) => {
      visit(child, guards)
    }
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node)) return
    const to = allowedTo(node)
    if (to !== undefined) {
      ts.forEachChild(node, (child) => {
        visit(child, within(guards, to))
      })
    } else if (ts.isConditionalExpression(node)) {
      walk(node.condition)
      visit(node.whenTrue, within(guards, ...permissionsIn(node.condition)))
      walk(node.whenFalse)
    } else if (
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken
    ) {
      walk(node.left)
      visit(node.right, within(guards, ...permissionsIn(node.left)))
    } else if (ts.isVariableDeclaration(node)) {
      // What is read is read here; everything else counts where it is used.
      if (node.initializer && ts.isCallExpression(node.initializer) && isReading(node.initializer))
        walk(node.initializer)
    } else if (isImportCall(node)) {
      follow(
        checker.getSymbolAtLocation(node.arguments[0] ?? node)?.exports?.get(ts.InternalSymbolName.Default),
        guards,
      )
    } else if (ts.isIdentifier(node)) {
      follow(symbolOf(node), guards)
    } else if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) {
      // Files are loaded by their address.
      const file = shapeOf(`GET ${node.getText().slice(1, -1)}`)
      if (known.has(file)) add(file, guards)
      ts.forEachChild(node, walk)
    } else {
      ts.forEachChild(node, walk)
    }
  }

  function follow(symbol: ts.Symbol | undefined, guards: readonly string[]): void {
    const target = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
    const declaration = target?.declarations?.[0]
    if (!target || !declaration) return
    const { fileName } = declaration.getSourceFile()
    if (fileName.includes(generated)) {
      const operation =
        operations.get(target.name) ??
        operations.get(target.name.replace(/(Infinite)?(Options|QueryKey|Mutation)$/, ''))
      if (operation) add(operation, guards)
      return
    }
    if (!fileName.includes('/src/') || fileName.includes('node_modules')) return
    const body = bodyOf(declaration)
    const key = `${fileName}:${String(body?.pos)}:${guards.join()}`
    if (!body || seen.has(key)) return
    seen.add(key)
    visit(body, guards)
  }

  function add(operation: string, guards: readonly string[]): void {
    found.set(`${operation} ${guards.join()}`, { operation, guards: [...guards] })
  }

  const page = checker.getSymbolAtLocation(sourceOf(file))?.exports?.get(ts.InternalSymbolName.Default)
  follow(page, [])
  return [...found.values()]
}

/** The permissions that a condition asks for, also by way of a variable. */
function permissionsIn(condition: ts.Node): string[] {
  if (ts.isPrefixUnaryExpression(condition)) return []
  if (ts.isCallExpression(condition) && condition.expression.getText() === 'can') {
    return [condition.arguments[0]?.getText().slice(1, -1) ?? '']
  }
  if (ts.isIdentifier(condition)) {
    const declaration = checker.getSymbolAtLocation(condition)?.declarations?.[0]
    if (declaration && ts.isBindingElement(declaration)) return permissionsToOpen(declaration)
    const isConstant = declaration && ts.isVariableDeclaration(declaration) && declaration.initializer
    return isConstant ? permissionsIn(isConstant) : []
  }
  if (
    ts.isBinaryExpression(condition) &&
    condition.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken
  ) {
    return [...permissionsIn(condition.left), ...permissionsIn(condition.right)]
  }
  return ts.isParenthesizedExpression(condition) ? permissionsIn(condition.expression) : []
}

/** A form is behind what the buttons are behind that open it: `const [isOpen, setIsOpen] = useState(false)`. */
function permissionsToOpen({ parent }: ts.BindingElement): string[] {
  const setter = ts.isArrayBindingPattern(parent) ? parent.elements[1]?.getText() : undefined
  const openings: string[][] = []
  const look = (node: ts.Node, guards: string[]) => {
    const inner = within(guards, allowedTo(node))
    if (ts.isCallExpression(node) && node.expression.getText() === setter) {
      if (!['false', 'undefined'].includes(node.arguments[0]?.getText() ?? '')) openings.push(inner)
    }
    ts.forEachChild(node, (child) => {
      look(child, inner)
    })
  }
  look(ts.findAncestor(parent, ts.isBlock) ?? parent, [])
  return (openings[0] ?? []).filter((permission) => openings.every((guards) => guards.includes(permission)))
}

function allowedTo(node: ts.Node): string | undefined {
  if (!ts.isJsxElement(node) || node.openingElement.tagName.getText() !== 'Allowed') return undefined
  return /to="(\w+)"/.exec(node.openingElement.getText())?.[1]
}

function within(guards: readonly string[], ...more: (string | undefined)[]): string[] {
  return [...new Set([...guards, ...more.filter((one) => one !== undefined)])].sort()
}

/** Hooks do their work where they stand, except that of `useAct`, which is done when somebody presses a button. */
function isReading(call: ts.CallExpression): boolean {
  const name = call.expression.getText()
  return name.startsWith('use') && name !== 'useAct'
}

function isImportCall(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
}

function symbolOf(node: ts.Identifier): ts.Symbol | undefined {
  if (ts.isShorthandPropertyAssignment(node.parent))
    return checker.getShorthandAssignmentValueSymbol(node.parent)
  // Names of fields and of attributes lead nowhere.
  const isName =
    (ts.isPropertyAccessExpression(node.parent) || ts.isPropertyAssignment(node.parent)) &&
    node.parent.name === node
  return isName || ts.isJsxAttribute(node.parent) ? undefined : checker.getSymbolAtLocation(node)
}

/** What is to be read of a declaration: the body of a function, the value of a constant. */
function bodyOf(declaration: ts.Node): ts.Node | undefined {
  if (ts.isFunctionDeclaration(declaration)) return declaration.body
  if (ts.isVariableDeclaration(declaration)) return declaration.initializer
  if (ts.isBindingElement(declaration)) return bodyOf(declaration.parent.parent)
  return undefined
}
