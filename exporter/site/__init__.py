"""The site: the page, the runtime and a bundle as a folder."""
