import { createLink } from '@tanstack/react-router'
import { Button, type ButtonProps } from 'antd'

interface LookProps extends Omit<ButtonProps, 'type'> {
  /** `type` means something else on a link, so the look of the button has a name of its own. */
  look?: ButtonProps['type']
}

/** A link that looks like a button: `<LinkButton to="/login" look="primary">`. */
export const LinkButton = createLink(({ look, ...props }: LookProps) => <Button {...props} type={look} />)
