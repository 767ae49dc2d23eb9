"""Facts of the wire: what the services are called, where they live, what they take. No code that acts.

The clients and the on-device service read the same tables, so neither can know a limit that the other does not.

====================  ==============================================================================
`headers`             the headers and media types that requests and answers carry
`addresses`           hosts and paths: which addresses belong to a service, and which need a key
`public_addresses`    which addresses belong to the public internet
`vision`              Computer Vision: versions, operations, their limits and their words
`vision_v4`           the same of Image Analysis 4.0
`bing`                Bing Image Search v7: its parameters and their words
`agent`               what this project calls itself in a ``User-Agent``
====================  ==============================================================================

The facts come from Microsoft's published specifications (Computer Vision v1.0 to v3.2, Image Search v7) and from
recorded answers; where the two disagree, the recorded answer counts.
"""
