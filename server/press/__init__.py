"""From builds to phones: publications, closures, signatures."""
