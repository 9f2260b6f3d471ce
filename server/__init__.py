"""The publishing server (Flask): staff upload, build, review, publish and close; phones read."""
