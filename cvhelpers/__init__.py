"""The five quickstarts, run again: requests to the service, answers as data, figures that say what they show."""
