"""Ways through the network, by who walks and when."""
