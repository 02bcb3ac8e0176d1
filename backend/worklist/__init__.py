"""Every recording at a glance: what its header, its files, a model and a reader say."""
