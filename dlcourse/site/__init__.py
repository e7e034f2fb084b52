"""What the course looks like without JupyterLab: pages that work in any browser, without a network or a server."""
