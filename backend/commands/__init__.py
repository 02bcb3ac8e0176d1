"""Commands about the service's own data, a file for each group; what they run is imported once they are run."""
