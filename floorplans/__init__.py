"""Readers: drawings in, a `navkit.plan.plan.Plan` out. One module a format."""

from floorplans.reading import read as read
