"""Pictures of an events table: filters, map layers, timeline and evidence; no streamlit here."""
