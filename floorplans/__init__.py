"""Readers: drawings in, a `navkit.plan.Plan` out. One module a format."""

from floorplans.reading import read as read
