"""Code that trains the bundled models; nothing at run time imports it."""
