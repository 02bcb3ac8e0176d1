"""Who may use the service, and as what."""
