"""Tasks: work of every kind by one set of routes; who may ask and see what follows from the task's scope."""
