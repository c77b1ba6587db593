//! Invoices: what may be invoiced, who decides, and the numbers.
