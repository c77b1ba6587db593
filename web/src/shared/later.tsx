import { lazy, Suspense, type ComponentType, type ReactNode } from 'react'

/**
 * A component that is loaded when it is first shown, so that the page need not wait for it:
 * `const SiteForm = later(() => import('./SiteForm'))`. Forms over a page and tabs that are not the first are such.
 */
export function later<Props extends object>(
  load: () => Promise<{ default: ComponentType<Props> }>,
  meanwhile: ReactNode = null,
): ComponentType<Props> {
  const Loaded = lazy(load) as unknown as ComponentType<Props>
  return function Later(props: Props) {
    return (
      <Suspense fallback={meanwhile}>
        <Loaded {...props} />
      </Suspense>
    )
  }
}
