"""The parts of the temporal tagger; `extract.mentions.timexes` is its door.

tokens      text -> words, numbers and marks, each of a kind
grammar     kinds -> matches of the rules' patterns
readings    what a rule makes of a match, and what it may know while it does
dates, years, quarters, relative, weekdays, references, durations, clock, named
            the rules, by what they read
placing     a date without its year -> where tense, story and anchor put it
joining     readings side by side -> one
values      TIMEX3 values -> inclusive days, EDTF
calendars   holidays, the Islamic, Persian and Hebrew calendars
tense       where a clause stands in time
anchors     the day that a text's words are reckoned from
"""
