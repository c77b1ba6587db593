/** What the tests do with any page of the app. */
import { expect, type Page } from '@playwright/test'
import zh from '../../src/shared/i18n/zh'
import type { Account } from './accounts'

/** Waits until the page has its heading and no part of it is still being loaded. */
export async function settled(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page.locator('.ant-skeleton-active, .ant-spin-spinning')).toHaveCount(0)
}

/** Changes the address as a link of the app does, without loading the app anew. */
export async function follow(page: Page, path: string): Promise<void> {
  await page.evaluate((path) => {
    document.querySelector('h1')?.setAttribute('data-left', 'true')
    history.pushState(null, '', path)
  }, path)
}

/** Waits until another page than the one before `follow` is there. */
export async function arrived(page: Page): Promise<void> {
  await expect(page.locator('h1:not([data-left])')).toBeVisible()
}

/** Signs in at the door, in Chinese. */
export async function signInAt(page: Page, { portal, username, password }: Account): Promise<void> {
  // While the page before is still drawn, it names the portal as well.
  await page.getByLabel(zh.signIn.username).waitFor()
  await page.getByText(zh.role[portal], { exact: true }).click()
  await page.getByLabel(zh.signIn.username).fill(username)
  await page.getByLabel(zh.signIn.password).fill(password)
  await page.getByRole('button', { name: zh.signIn.submit }).click()
}

export function pathOf(page: Page): string {
  return new URL(page.url()).pathname
}

export async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: zh.account.menu }).click()
  await page.getByRole('menuitem', { name: zh.account.signOut }).click()
}
