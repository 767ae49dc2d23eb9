"""The places an answer can come from, each a `requests` adapter that is mounted on a session.

============= ==================================================================================
`base`        what every source brings: its services' endpoints, keys and versions
`recorded`    recordings: readable JSON files
`on_device`   this computer: the service, called in this process
`keyless`     a recording where there is one, else this computer
`live`        the network
`open_search` image search over the network, by Openverse or Wikimedia Commons
`recorder`    keeps what another source answers as recordings
`settings`    the endpoint and the key, where nobody passes them
`keys`        the key: hidden, and put on a request at the last moment
`deadline`    one time limit for a whole call
`retries`     what is asked again, and when
`pace`        no more calls in a minute than the service allows
`turns`       no more requests at once than a host allows
`watched`     connections that a deadline can shut down
`reach`       whether a fetch may leave the public internet
============= ==================================================================================

Nothing above this folder asks which source it has.
"""
