"""Annotation sessions: beats that several people read, each undisturbed by the others and by the model."""
