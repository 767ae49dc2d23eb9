"""The sample pictures: what they show, who made them, and the script that draws the stand-ins."""
