"""The app in a browser, served on this machine alone; the optional extra `web`."""
