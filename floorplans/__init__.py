"""Readers: drawings in, a `navkit.plan.plan.Plan` out. One module per format."""

from floorplans.reading import read as read
