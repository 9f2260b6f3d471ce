"""Bundles, scripted routes and route cards; `runtime/` is what runs on the phone."""
