"""The services' REST protocol, answered by the engine and the library: one application, over HTTP or in process.

====================  ========================================================================
`app`                 the application: every operation at its address
`gateway`             what stands before each: the key, the calls per minute, errors as answers
`errors`              what is refused, and in which words each version says so
`parameters`          a request's parameters, checked
`bodies`              the picture in a request's body, or its address
`fetching`            the picture at an address of the web
`uploads`             pictures checked against an operation's limits, and decoded
`documents`, `pdf`    files of several pages
`vision`, `reading`   Computer Vision v1.0 to v3.2: what answers at once, what reads and answers later
`vision_v4`           Image Analysis 4.0
`operations`          operations that are answered later, until they have ended
`wire`                the engine's readings as JSON
`bing`                Bing Image Search v7
`bing_query`          a request of Bing's as the library's query
`bing_answers`        the library's pages as JSON
`library_pictures`    the library's pictures as files
`web_pictures`        thumbnails of pictures on the open web
`resources`           what all operations of Computer Vision share
`calls`, `quotas`     what a request holds, and how much of it there is for each client
`workers`, `memory`   threads in which clients take turns; room for large pictures
`pages`               what a browser sees: the studio, and the description of the operations
`api_document`        that description as OpenAPI; `api_schemas` its answers, `api_page` for people
`serve`               ``cvhelpers serve``
`http_server`         the application over HTTP
====================  ========================================================================
"""
