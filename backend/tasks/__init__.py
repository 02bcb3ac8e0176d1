"""Work of every kind by one set of routes: what may be asked follows from the task's scope."""
