"""Answers shown: a drawing, a sentence that says the same, and the same as a table.

=============  ===========================================================================
`show`         ``show_caption``, ``show_objects``, ``show_words``, ``show_lines``, ``show_grid``
`figure`       `Figure`, which they return
`table`        rows as an HTML table
`labels`       outlines, and labels that find a free place beside them
`alt`          sentences for alternative texts
`comparison`   two answers side by side
=============  ===========================================================================
"""
