"""What the audiences share: guards, error pages, template filters, presenters."""
