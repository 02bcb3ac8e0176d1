"""Commands about recordings and models, a file for each group; what they run is imported once they are run."""
