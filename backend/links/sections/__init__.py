"""The sections of a shared document: each file freezes one."""
