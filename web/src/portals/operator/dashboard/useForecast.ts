import { useQuery } from '@tanstack/react-query'
import { getBalanceOptions, getConsumptionOptions } from '@/api/generated/@tanstack/react-query.gen'
import { unwrap } from '@/shared/api/queries'
import { forecast } from './forecast'

/** The balance, the last 30 days, and what follows from both; every part of the dashboard shares these answers. */
export function useForecast() {
  const balance = useQuery({ ...getBalanceOptions(), select: unwrap }).data?.balance
  // Without a range the API answers the 30 days that end with today.
  const consumption = useQuery({ ...getConsumptionOptions(), select: unwrap })
  const points = consumption.data?.chart_data
  const expected = balance !== undefined && points ? forecast(balance, points) : undefined
  return { balance, points, consumption, expected, isReady: balance !== undefined && points !== undefined }
}
