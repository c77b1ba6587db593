import { QRCode } from 'antd'

/** Dark on white in either look: not every scanner reads it the other way round. */
export default function Code({ text, size }: { text: string; size: number }) {
  return <QRCode value={text} size={size} type="svg" errorLevel="M" color="#000000" bgColor="#ffffff" />
}
