"""The services REST API answered on this computer. Needs the extra: pip install "cvhelpers[ondevice]"."""
