"""The clients: they write the requests of the two services and read their answers.

===============  ===========================================================================
`vision`         `VisionClient`: analyze a picture, read printed or handwritten text
`image_search`   `ImageSearchClient`: find pictures by words; thumbnails
`exchange`       `Exchange`: one request and its answer as a lesson
`base`           what the clients share: the endpoint, the key, one request at a time
===============  ===========================================================================
"""
