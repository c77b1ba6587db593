/** Puts text on the clipboard, also on plain http, where the modern way does not exist. */
export async function copyText(text: string): Promise<void> {
  // The type says it always exists; without https it does not.
  const clipboard = navigator.clipboard as Clipboard | undefined
  if (clipboard) {
    await clipboard.writeText(text)
    return
  }
  const area = document.createElement('textarea')
  area.value = text
  area.style.position = 'fixed'
  area.style.opacity = '0'
  document.body.append(area)
  area.select()
  document.execCommand('copy')
  area.remove()
}
