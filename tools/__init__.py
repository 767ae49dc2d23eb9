"""Programs that make what the package ships. Nobody needs them to use the package."""
