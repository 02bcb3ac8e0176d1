"""The panels of the desk: each file exports its `PANEL`; nothing else names it."""
