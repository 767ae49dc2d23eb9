"""The places an answer can come from, each a `requests` adapter that is mounted on a session.

============  ==================================================================================
`base`        what every source brings: its services' endpoints, keys and versions
`recorded`    recordings: readable JSON files
`on_device`   this computer: the service, called in this process
`keyless`     a recording where there is one, else this computer
`live`        the network
`deadline`    one time limit for a whole call
============  ==================================================================================

Nothing above this folder asks which source it has.
"""
