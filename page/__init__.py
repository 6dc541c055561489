"""The parts of the page, one file each; with `dashboard.py` all that imports Streamlit."""
