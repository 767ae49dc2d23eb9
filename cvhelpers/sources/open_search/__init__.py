"""Image search on the living web, without a key: a request as Bing v7 took it, answered by an open service.

=============  =======================================================================
`search`       `OpenSearch`: a Bing request in, a Bing answer out
`query`        a Bing request, read: the words, the filters, the page
`answer`       pictures and errors, written as Bing wrote them
`service`      what both services share: asking politely, filtering here, pages
`openverse`    Openverse, a search engine for openly licensed pictures
`commons`      Wikimedia Commons
=============  =======================================================================

Neither service knows all of Bing's filters. Some have a counterpart there; some are applied here, to what came back;
of the others the answer says in ``warnings`` that they were left out.
"""
