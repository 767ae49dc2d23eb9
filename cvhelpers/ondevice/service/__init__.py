"""The services' REST protocol, answered by the engine and the library: one application, over HTTP or in process."""
