"""The service: recordings, predictions, explanations and links over HTTP, and the one database."""
