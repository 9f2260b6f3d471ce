"""Readers: drawings in, a `navkit.plan.Plan` out. One module a format."""
