"""The clients: they write the requests of the two services and read their answers.

===============  ===========================================================================
`vision`         `VisionClient`: analyze a picture, read printed or handwritten text
`vision_v4`      the same of Image Analysis 4.0, where all is one operation
`image_search`   `ImageSearchClient`: find pictures by words; thumbnails
`exchange`       `Exchange`: one request and its answer as a lesson
`base`           what the clients share: the endpoint, the key, one request at a time
`call`           one operation on one picture: how the picture is sent, and its own pixels found again
`batch`          many pictures, a few at a time
`check`          `check_setup`: does Azure answer to this endpoint and key?
===============  ===========================================================================
"""
