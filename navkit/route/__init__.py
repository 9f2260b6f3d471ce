"""Routes through the network, by profile and time."""
