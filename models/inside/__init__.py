"""The inside of networks: what their units do with real windows, and what they would call a perfect example."""
