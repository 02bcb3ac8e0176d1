"""The panels of a stay; each a file that exports one."""
